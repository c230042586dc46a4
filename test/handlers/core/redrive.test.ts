import { expect } from "chai";
import type { Change } from "../../../handlers/core/contract.ts";
import { change } from "../changes.ts";
import { event, fine, type Loose, setUp } from "./set-up.ts";

describe("a redrive", () => {
  const redrive = (changes: readonly Change[], waitSeconds = 30) => ({
    ...event(changes),
    redrive: { patienceSeconds: waitSeconds },
  });

  it("marks each change, and gives the mapping's changes no such mark", async () => {
    const marks: boolean[] = [];
    const { invoke, lines } = setUp({
      one: async (all) => {
        marks.push(...all.map(({ redriven }) => redriven));
        return [];
      },
    });
    expect(await invoke(redrive([change(), change()]))).to.deep.equal({ batchItemFailures: [], failures: [] });
    expect(await invoke(event([change()]))).to.deep.equal({ batchItemFailures: [] });
    expect(marks).to.deep.equal([true, true, false]);
    expect(lines.map((line) => line.redrive)).to.deep.equal([true, undefined]);
  });

  it("answers with every failure and its reason, by destination, even where the first of several fails", async () => {
    const changes = [change(), change(), change()];
    const { invoke } = setUp({
      one: async (all, call) => {
        call.explain(all[0]!, "The queue said no.");
        return [all[0]!];
      },
      other: () => Promise.reject(new Error("no route")),
    });
    const [a, b, c] = changes.map(({ version }) => version);
    expect(await invoke(redrive(changes))).to.deep.equal({
      batchItemFailures: [a, b, c].map((itemIdentifier) => ({ itemIdentifier })),
      failures: [
        { sequenceNumber: a, destination: "my-one", reason: "The queue said no." },
        ...[a, b, c].map((sequenceNumber) => ({
          sequenceNumber,
          destination: "my-other",
          reason: "Error: no route",
        })),
      ],
    });
  });

  it("goes on behind a record that it cannot understand, since nobody delivers the rest again", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = redrive(changes);
    spoilt.Records[0].eventName = "UPSERT";
    spoilt.Records[1].eventName = "UPSERT";
    let got: readonly Change[] = [];
    const { invoke, lines } = setUp({
      one: async (all) => {
        got = all;
        return [];
      },
    });
    const answer = await invoke(spoilt);
    expect(got).to.deep.equal([{ ...changes[2], redriven: true }]);
    expect(answer).to.deep.equal({
      batchItemFailures: changes.slice(0, 2).map(({ version }) => ({ itemIdentifier: version })),
      failures: [0, 1].map((i) => ({
        sequenceNumber: changes[i]!.version,
        reason: `Malformed: Records[${i}].eventName must be one of INSERT, MODIFY, REMOVE`,
      })),
    });
    expect(lines[0]).to.include({ level: "WARN", records: 3, redrive: true });
  });

  it("does not wait for longer than it says, and half a minute by itself", async () => {
    const left: number[] = [];
    const { invoke } = setUp({
      one: async (_, call) => {
        left.push(call.remaining());
        return [];
      },
    });
    await invoke(redrive([change()], 2), 900_000);
    await invoke({ ...event([change()]), redrive: {} }, 900_000);
    await invoke(redrive([change()], 600), 10_000);
    await invoke(redrive([change()], 1), 900_000);
    await invoke(redrive([change()], 900), 2_000_000);
    expect(left).to.deep.equal([1600, 29_000, 9000, 800, 899_000]);
  });

  it("refuses what it does not know", async () => {
    const { invoke } = setUp({ fine });
    const problem = (redrive: unknown) =>
      invoke({ ...event([change()]), redrive }).then(
        () => "none",
        ({ message }) => message,
      );
    expect(await problem(true)).to.equal("redrive must be an object");
    expect(await problem({ patience: 3 })).to.equal("redrive.patience is not known");
    for (const wrong of ["3", -1, 0, 0.9, 901, null, Number.NaN])
      expect(await problem({ patienceSeconds: wrong })).to.equal(
        "redrive.patienceSeconds must be a number from 1 to 900",
      );
  });
});
