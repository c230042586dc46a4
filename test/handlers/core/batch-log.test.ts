import { expect } from "chai";
import { change } from "../changes.ts";
import { event, setUp } from "./set-up.ts";

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

  it("spells out no more than twenty failures", async () => {
    const { invoke, lines } = setUp({ most: async (all) => all.slice(1) });
    await invoke(event(Array.from({ length: 51 }, () => change())));
    expect(lines[0].failures).to.have.length(20);
    expect(lines[0].failuresNotShown).to.equal(30);
    expect(lines[0].destinations["my-most"].failed).to.equal(50);
  });
});
