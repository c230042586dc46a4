import { expect } from "chai";
import { type LaneStep, largestPayload } from "../../../../../local/engine/mapping/gather.ts";
import { nextStep, type WindowLaneView } from "../../../../../local/engine/mapping/windows/next-step.ts";

const size = 60;
const minute = 60_000;
const open = { start: 0, end: minute, state: {} };
const none: WindowLaneView = {
  waiting: [],
  open: undefined,
  isTooLarge: false,
  quietUntil: 0,
  ended: false,
  gatheredFor: 0,
  now: 0,
};
const records = (...times: number[]) => times.map((createdAt) => ({ bytes: 100, createdAt }));
const close: LaneStep = { kind: "closeWindow" };
const deliver = (take: number): LaneStep => ({ kind: "deliver", take });
const wait = (milliseconds: number): LaneStep => ({ kind: "wait", milliseconds });

describe("nextStep", () => {
  const table: [string, Partial<WindowLaneView>, LaneStep][] = [
    ["nothing there", {}, wait(Number.POSITIVE_INFINITY)],
    ["nothing there, and no more to come", { ended: true }, { kind: "finished" }],
    ["records, and no window open", { waiting: records(1, 2) }, deliver(2)],
    ["records of the open window", { waiting: records(1, 2), open }, deliver(2)],
    ["records up to the window's end", { waiting: records(1, minute - 1, minute), open }, deliver(2)],
    ["records up to the end of a window not yet open", { waiting: records(1, minute) }, deliver(1)],
    ["a record of a later window", { waiting: records(minute), open }, close],
    ["a record older than the open window", { waiting: records(5), open: { ...open, start: 30, end: 90 } }, deliver(1)],
    ["a full batch of the window", { waiting: records(1, 2, 3, 4), open }, deliver(3)],
    ["an open window, quiet for not long enough", { open, quietUntil: 500, now: 200 }, wait(300)],
    ["an open window, quiet for long enough", { open, quietUntil: 500, now: 500 }, close],
    ["an open window at the shard's end", { open, quietUntil: 500, now: 200, ended: true }, close],
    ["a state that is too large, before anything else", { waiting: records(1), open, isTooLarge: true }, close],
  ];
  for (const [name, view, expected] of table) {
    it(`${name}: ${expected.kind}`, () => {
      expect(nextStep({ ...none, ...view }, { batchSize: 3, batchingWindow: 0 }, size)).to.deep.equal(expected);
    });
  }

  const gathering: [string, Partial<WindowLaneView>, LaneStep][] = [
    ["gathers a batch within the window", { waiting: records(1), open, gatheredFor: 400 }, wait(600)],
    ["sends it when the tumbling window ends", { waiting: records(1, minute), open, gatheredFor: 400 }, deliver(1)],
    ["sends it when the shard ends", { waiting: records(1), open, gatheredFor: 400, ended: true }, deliver(1)],
  ];
  for (const [name, view, expected] of gathering) {
    it(`with a batching window, ${name}`, () => {
      expect(nextStep({ ...none, ...view }, { batchSize: 3, batchingWindow: 1000 }, size)).to.deep.equal(expected);
    });
  }

  it("leaves room for a state of 1 MB", () => {
    const third = { bytes: largestPayload / 3, createdAt: 1 };
    const view = { ...none, waiting: [third, third, third] };
    expect(nextStep(view, { batchSize: 100, batchingWindow: 0 }, size)).to.deep.equal(deliver(2));
    // 1 MB, and 2 KB for what else a window adds
    const room = largestPayload - 1_048_576 - 2048;
    const two = (bytes: number) => ({
      ...none,
      waiting: [
        { ...third, bytes: 1000 },
        { ...third, bytes },
      ],
    });
    const limits = { batchSize: 100, batchingWindow: 1000 };
    expect(nextStep(two(room - 1001), limits, size)).to.deep.equal(wait(1000));
    expect(nextStep(two(room - 1000), limits, size)).to.deep.equal(deliver(1));
  });
});
