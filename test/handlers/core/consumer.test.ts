import { expect } from "chai";
import { consumer } from "../../../handlers/core/consumer.ts";
import type { Deliver } from "../../../handlers/core/contract.ts";
import { change, everything } from "../changes.ts";
import { event, expectHeadFailed, failedFrom, fine, type Loose, setUp } from "./set-up.ts";

describe("consumer", () => {
  it("gives every destination all changes, decoded and in order, with its settings and the time left", async () => {
    const changes = [change(), change({ after: everything }), change({ operation: "REMOVE", expired: true })];
    const seen: Record<string, unknown> = {};
    const connect = (name: string) => (settings: { to: string }) => {
      const deliver: Deliver = async (got, call) => {
        seen[`${name}-${settings.to}`] = got;
        expect(call.remaining()).to.equal(29_000);
        return [];
      };
      return deliver;
    };
    const handler = consumer(
      { first: connect("first"), second: connect("second") },
      {
        one: { kind: "first", settings: { to: "x" } },
        two: { kind: "second", settings: { to: "y" } },
        three: { kind: "second", settings: {}, late: [["to"]] },
      },
      {},
      { environment: { DESTINATIONS: '{"three":["z"]}' }, write: () => {} },
    );
    const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 30_000 };
    expect(await handler(event(changes), context)).to.deep.equal({ batchItemFailures: [] });
    expect(seen).to.deep.equal({ "first-x": changes, "second-y": changes, "second-z": changes });
  });

  it("connects each destination once, when it is made", async () => {
    let connected = 0;
    const connect = () => {
      connected++;
      return fine;
    };
    const handler = consumer({ kind: connect }, { one: { kind: "kind", settings: {} } }, {}, { write: () => {} });
    const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 30_000 };
    await handler(event([change()]), context);
    await handler(event([change()]), context);
    expect(connected).to.equal(1);
  });

  it("answers with the one lowest failed sequence number of all destinations, as a number", async () => {
    const changes = ["9", "10", "11", "100"].map((version) => change({ version }));
    const failing =
      (...failed: number[]): Deliver =>
      async (got) =>
        failed.map((i) => got[i]!);
    const { invoke } = setUp({ a: failing(3, 1), b: failing(2), c: fine });
    expect(await invoke(event(changes))).to.deep.equal(failedFrom(changes[1]));
  });

  it("fails as a whole with the first of several records, whose name would be no progress", async () => {
    const changes = ["9", "10", "11"].map((version) => change({ version }));
    const { invoke, lines } = setUp({ one: async (all) => [all[2]!, all[0]!], fine });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 3);
    expect(lines).to.have.length(1);
    expect(lines[0].destinations["my-one"]).to.include({ delivered: 1, failed: 2 });
  });

  it("names a record that is alone", async () => {
    const alone = change();
    expect(await setUp({ one: async (all) => all }).invoke(event([alone]))).to.deep.equal(failedFrom(alone));
  });

  it("takes a throw for the failure of all", async () => {
    const changes = [change(), change()];
    const { invoke, lines } = setUp({
      broken: () => Promise.reject(new Error("no route")),
      sudden: () => {
        throw new Error("at once");
      },
      fine,
    });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 2);
    expect(lines[0].destinations["my-broken"]).to.include({ delivered: 0, failed: 2 });
    expect(lines[0].destinations["my-fine"]).to.include({ delivered: 2, failed: 0 });
    expect(lines[0].failures.map(({ reason }: Loose) => reason)).to.deep.equal([
      "Error: no route",
      "Error: no route",
      "Error: at once",
      "Error: at once",
    ]);
  });

  it("takes an answer that names a stranger for the failure of all", async () => {
    const changes = [change(), change()];
    const { invoke, lines } = setUp({ confused: async () => [change()] });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 2);
    expect(lines[0].failures[0].reason).to.contain("not given");
  });

  it("does not wait for a destination longer than the function lives", async () => {
    const changes = [change(), change()];
    const { invoke, lines, clock } = setUp({ endless: () => new Promise(() => {}), fine });
    await expectHeadFailed(invoke(event(changes), 300), changes[0]!, 2);
    // a tenth of the invocation's time is left for the answer
    expect(clock.now()).to.equal(270);
    expect(lines[0].failures[0].reason).to.contain("did not end within the function's time");
    expect(lines[0].destinations["my-fine"].delivered).to.equal(2);
  });

  it("keeps back a fifth of the time from destinations, a second at most, and waits for them into half of that", async () => {
    for (const [ms, soft, hard] of [
      [1000, 800, 900],
      [5000, 4000, 4500],
      [10_000, 9000, 9500],
      [60_000, 59_000, 59_500],
    ] as const) {
      let left: number | undefined;
      const endless: Deliver = (_, call) => {
        left = call.remaining();
        return new Promise(() => {});
      };
      const { invoke, clock } = setUp({ endless });
      const changes = [change(), change()];
      await expectHeadFailed(invoke(event(changes), ms), changes[0]!, 2);
      expect([left, clock.now()], `of ${ms} ms`).to.deep.equal([soft, hard]);
    }
  });

  it("lets a redrive's time pass like the function's, down to nothing", async () => {
    const left: number[] = [];
    const { invoke } = setUp({
      slow: async (_, call) => {
        for (const ms of [0, 2000, 1999, 1, 200]) {
          await call.sleep(ms);
          left.push(call.remaining());
        }
        return [];
      },
    });
    await invoke({ ...event([change()]), redrive: { patienceSeconds: 5 } });
    expect(left).to.deep.equal([4000, 2000, 1, 0, 0]);
  });

  it("fails on what is not the event of a stream", async () => {
    const { invoke } = setUp({ fine });
    for (const wrong of [{}, { Records: null }, { Records: {} }, null, "text", []]) {
      const error = await invoke(wrong).catch((reason) => reason);
      expect(error, JSON.stringify(wrong)).to.be.an("error");
    }
    const error = await invoke({}).catch((reason) => reason);
    expect(error.message).to.contain("no array `Records`");
    expect(await invoke({ Records: [] })).to.deep.equal({ batchItemFailures: [] });
  });

  it("says what is wrong with its settings", () => {
    const make = (kind: string) => () =>
      consumer({ sqs: () => fine }, { a: { kind, settings: {}, late: [["queueUrl"]] } }, {}, { environment: {} });
    expect(make("sqs")).to.throw("DESTINATIONS.a: this function's code needs a list with queueUrl");
    const unknown = () =>
      consumer({ sqs: () => fine, sns: () => fine }, { a: { kind: "kafka", settings: {} } }, {}, { environment: {} });
    expect(unknown).to.throw('destinations.a.kind: this function\'s code has no kind "kafka"; it has sqs, sns.');
  });
});
