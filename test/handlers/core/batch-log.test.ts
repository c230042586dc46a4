import { expect } from "chai";
import { waitLog } from "../../../handlers/core/batch-log.ts";
import { change } from "../changes.ts";
import { event, fine, type Loose, setUp } from "./set-up.ts";

describe("the log of a batch", () => {
  it("writes one line per batch, without items or keys", async () => {
    const changes = [change({ id: "private", after: { diary: { S: "private" } } }), change({ id: "private" })];
    const { invoke, lines } = setUp({
      counting: async (all, call) => {
        call.sent(120);
        call.retried("busy");
        call.sent(80);
        call.explain(all[1]!, "The queue said no.");
        return [all[1]!];
      },
    });
    await invoke(event(changes));
    expect(lines).to.have.length(1);
    const [{ timestamp, ...line }] = lines;
    const { ms } = line.destinations["my-counting"];
    expect(new Date(timestamp).toISOString()).to.equal(timestamp);
    expect(line).to.deep.equal({
      level: "WARN",
      message: "batch delivered in part",
      functionName: "films-consumer",
      requestId: "request-1",
      records: 2,
      firstSequenceNumber: changes[0]!.version,
      lastSequenceNumber: changes[1]!.version,
      sourceBytes: 200,
      destinations: { "my-counting": { delivered: 1, failed: 1, retries: 1, calls: 2, bytes: 200, ms } },
      failures: [
        {
          destination: "my-counting",
          sequenceNumber: changes[1]!.version,
          eventId: changes[1]!.eventId,
          reason: "The queue said no.",
        },
      ],
    });
    expect(JSON.stringify(lines)).to.not.contain("private");
  });

  it("spells out the first twenty failures, and counts the others", async () => {
    for (const [failed, notShown] of [
      [1, undefined],
      [19, undefined],
      [20, undefined],
      [21, 1],
      [50, 30],
    ] as const) {
      const changes = Array.from({ length: failed + 1 }, () => change());
      const { invoke, lines } = setUp({ most: async (all) => all.slice(1) });
      await invoke(event(changes));
      const [{ failures, failuresNotShown, destinations, ...line }] = lines;
      expect(line).to.include({
        firstSequenceNumber: changes[0]!.version,
        lastSequenceNumber: changes.at(-1)!.version,
      });
      expect(failures.map(({ sequenceNumber }: Loose) => sequenceNumber)).to.deep.equal(
        changes.slice(1, 21).map(({ version }) => version),
      );
      expect(failuresNotShown).to.equal(notShown);
      expect(destinations["my-most"].failed).to.equal(failed);
    }
  });

  it("is a warning for one failure before one record that cannot be understood", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[2].eventName = "UPSERT";
    const { invoke, lines } = setUp({ one: async (all) => [all[1]!] });
    await invoke(spoilt);
    expect(lines[0]).to.include({ level: "WARN", message: "batch delivered in part", records: 3 });
    expect(lines[0]).to.include({ lastSequenceNumber: changes[2]!.version });
    expect(lines[0].failures).to.have.length(1);
    expect(lines[0].undecodable.sequenceNumber).to.equal(changes[2]!.version);
  });

  it("says of a wait where it is, how long it takes and why", () => {
    const invocation = { functionName: "films-consumer", requestId: "request-1" };
    const { timestamp, ...line } = waitLog(invocation, "my-queue", { reason: "busy", seconds: 30 });
    expect(new Date(timestamp).toISOString()).to.equal(timestamp);
    expect(line).to.deep.equal({
      level: "WARN",
      message: "waiting for a destination",
      ...invocation,
      destination: "my-queue",
      seconds: 30,
      reason: "busy",
    });
  });

  it("has no word of failures where there are none", async () => {
    const { invoke, lines } = setUp({ fine });
    await invoke(event([change()]));
    expect(lines[0]).to.include({ level: "INFO", message: "batch delivered" });
    expect(lines[0]).to.not.have.any.keys("failures", "failuresNotShown", "undecodable", "redrive");
  });
});
