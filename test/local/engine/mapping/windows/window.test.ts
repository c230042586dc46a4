import { expect } from "chai";
import fc from "fast-check";
import {
  isTooLarge,
  largestState,
  quietUntil,
  toTheSecond,
  windowEvent,
  windowOf,
} from "../../../../../local/engine/mapping/windows/window.ts";

const at = (time: string) => Date.parse(`2020-12-09T${time}Z`);

describe("windowOf", () => {
  const table: [string, string, number, string, string][] = [
    ["AWS's example: two minutes", "07:04:35", 120, "07:04:00", "07:06:00"],
    ["the first moment", "07:04:00", 120, "07:04:00", "07:06:00"],
    ["the last moment", "07:05:59.999", 120, "07:04:00", "07:06:00"],
    ["the next window's first moment", "07:06:00", 120, "07:06:00", "07:08:00"],
    ["a quarter of an hour", "07:14:59", 900, "07:00:00", "07:15:00"],
    ["a second", "07:04:35", 1, "07:04:35", "07:04:36"],
  ];
  for (const [name, time, size, start, end] of table) {
    it(name, () => expect(windowOf(at(time), size)).to.deep.equal({ start: at(start), end: at(end) }));
  }

  it("puts every moment into exactly one window, next to the one before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 900 }), (time, size) => {
        const { start, end } = windowOf(time, size);
        expect(end - start).to.equal(1000 * size);
        expect(time).to.be.within(start, end - 1);
        expect(windowOf(start - 1, size).end).to.equal(start);
      }),
    );
  });
});

describe("quietUntil", () => {
  const window = { start: 0, end: 60_000 };
  const table: [string, number, number, number][] = [
    ["within the window: two minutes after its end", 10_000, 1, 180_000],
    ["after the window's end: in two minutes", 90_000, 1, 210_000],
    ["with waiting sped up", 10_000, 0.01, 10_000 + 1700],
  ];
  for (const [name, now, timeScale, expected] of table) {
    it(name, () => expect(quietUntil(window, now, timeScale)).to.equal(expected));
  }
});

describe("isTooLarge", () => {
  it("allows 1 MB of JSON, to the byte", () => {
    expect(largestState).to.equal(1_048_576);
    expect(isTooLarge("x".repeat(largestState - 2))).to.equal(false);
    expect(isTooLarge("x".repeat(largestState - 1))).to.equal(true);
    expect(isTooLarge("é".repeat(largestState / 2))).to.equal(true);
    expect(isTooLarge({})).to.equal(false);
  });
});

describe("windowEvent", () => {
  it("says where the window is, what it holds, and whether it ends, and early", () => {
    const open = { start: at("07:04:00"), end: at("07:06:00"), state: { sum: 1 } };
    const source = { shardId: "shard", eventSourceArn: "arn" };
    const event = {
      Records: [],
      window: { start: "2020-12-09T07:04:00Z", end: "2020-12-09T07:06:00Z" },
      state: { sum: 1 },
      shardId: "shard",
      eventSourceARN: "arn",
    };
    const going = { ...event, isFinalInvokeForWindow: false, isWindowTerminatedEarly: false };
    expect(windowEvent(open, [], source)).to.deep.equal(going);
    const over = { ...event, isFinalInvokeForWindow: true };
    for (const early of [false, true])
      expect(windowEvent(open, [], source, { early })).to.deep.equal({ ...over, isWindowTerminatedEarly: early });
  });
});

describe("toTheSecond", () => {
  it("leaves the milliseconds out", () => {
    expect(toTheSecond(at("07:04:35.999"))).to.equal("2020-12-09T07:04:35Z");
  });
});
