import { expect } from "chai";
import type { Deliver } from "../../../handlers/core/contract.ts";
import { failuresOf, machineClock, outcomeOf, type Wait } from "../../../handlers/core/outcome.ts";
import { change } from "../changes.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** Lets a destination deliver on a clock of its own, with so many milliseconds until it is no longer waited for. */
async function outcome(deliver: Deliver, changes = [change(), change()], hard = 1_000_000) {
  const clock = new VirtualClock(500);
  const waits: Wait[] = [];
  const time = { soft: () => 700, hard: () => hard };
  const options = { time, clock, random: () => 0.25, onWait: (wait: Wait) => void waits.push(wait) };
  return { ...(await outcomeOf(deliver, changes, options)), waits, end: clock.now(), clock };
}

describe("the outcome of a batch", () => {
  it("says after an answer what failed and why, what was counted, and how long it took", async () => {
    const changes = [change(), change()];
    const { failed, problems, problem, retries, calls, bytes, ms } = await outcome(async (all, call) => {
      call.explain(all[1]!, "no room");
      call.sent(30);
      call.sent(12);
      call.retried("busy");
      await call.sleep(40.4);
      return [all[1]!];
    }, changes);
    expect({ failed, problems, problem, retries, calls, bytes, ms }).to.deep.equal({
      failed: new Set([changes[1]]),
      problems: new Map([[changes[1], "no room"]]),
      problem: undefined,
      ...{ retries: 1, calls: 2, bytes: 42, ms: 40 },
    });
  });

  it("says after a throw that all failed and why, and still what was counted, and how long it took", async () => {
    const changes = [change(), change()];
    const { failed, problems, problem, retries, calls, bytes, ms } = await outcome(async (all, call) => {
      call.explain(all[0]!, "no room");
      call.sent(30);
      call.retried("busy");
      call.retried("busy");
      await call.sleep(250);
      throw new RangeError("too\nfar");
    }, changes);
    expect({ failed, problems, problem, retries, calls, bytes, ms }).to.deep.equal({
      failed: new Set(changes),
      problems: new Map([[changes[0], "no room"]]),
      problem: "RangeError: too far",
      ...{ retries: 2, calls: 1, bytes: 30, ms: 250 },
    });
  });

  it("comes at the hard limit, whatever the destination does, and as soon as it has answered before", async () => {
    const { failed, problem, ms } = await outcome(() => new Promise(() => {}), [change()], 900);
    expect(problem).to.equal("Error: The destination did not end within the function's time.");
    expect(failed.size).to.equal(1);
    expect(ms).to.equal(900);
    expect((await outcome(async () => [], [change()], 900)).end).to.equal(500);
  });

  it("waits for nobody any more when it is there", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const clock = {
      now: () => 0,
      sleep: (_: number, signal?: AbortSignal) => {
        signals.push(signal);
        return new Promise<void>(() => {});
      },
    };
    const time = { soft: () => 700, hard: () => 900 };
    await outcomeOf(async () => [], [change()], { time, clock, random: () => 0, onWait: () => {} });
    expect(signals.map((one) => one?.aborted)).to.deep.equal([true]);
  });

  it("ends a wait on the machine's clock as soon as it is told to", async () => {
    const told = AbortSignal.abort(new Error("told"));
    expect(await machineClock.sleep(100_000, told).catch((error) => error.cause)).to.equal(told.reason);
    await machineClock.sleep(0);
  });

  it("gives the destination the time, the chance and the waiting of its invocation", async () => {
    const seen: unknown[] = [];
    const { end } = await outcome(async (_, call) => {
      seen.push(
        call.remaining(),
        call.random(),
        call.abortAfter(100_000).aborted,
        call.abortAfter(0) instanceof AbortSignal,
      );
      await call.sleep(70);
      return [];
    });
    expect(seen).to.deep.equal([700, 0.25, false, true]);
    expect(end).to.equal(570);
  });

  it("tells of a destination that is waited for after half a minute, and every five minutes from then on", async () => {
    const { waits, retries } = await outcome(async (_, call) => {
      for (const ms of [29_999, 1, 299_999, 1, 1]) {
        await call.sleep(ms);
        call.retried(`waited ${ms}`);
      }
      return [];
    });
    expect(waits).to.deep.equal([
      { reason: "waited 1", seconds: 30 },
      { reason: "waited 1", seconds: 330 },
    ]);
    expect(retries).to.equal(5);
  });

  it("refuses an answer with a change that was not given, beside others that were", async () => {
    const changes = [change(), change()];
    const { failed, problem } = await outcome(async (all) => [all[1]!, change()], changes);
    expect(problem).to.equal("Error: The destination answered with changes it was not given.");
    expect(failed).to.deep.equal(new Set(changes));
  });

  it("lists failures by destination, each in the order of the changes, with the reason that there is", async () => {
    const changes = [change(), change(), change()];
    const [one, two, three] = changes as [(typeof changes)[0], (typeof changes)[0], (typeof changes)[0]];
    const counted = { retries: 0, calls: 0, bytes: 0, ms: 0 };
    const outcomes = new Map([
      ["a", { failed: new Set([three, one]), problems: new Map([[one, "no room"]]), ...counted }],
      ["b", { failed: new Set([two]), problems: new Map([[two, "no room"]]), problem: "gone", ...counted }],
    ]);
    expect([...failuresOf(changes, outcomes)]).to.deep.equal([
      { destination: "a", change: one, reason: "no room" },
      { destination: "a", change: three, reason: "The destination gave no reason." },
      { destination: "b", change: two, reason: "gone" },
    ]);
  });
});
