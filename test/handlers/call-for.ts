import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Change } from "../../handlers/core/contract.ts";
import { seededRandom } from "../../local/engine/seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How long a test may take where others keep the processors busy, in milliseconds. */
export const busyMachine = 120_000;

/**
 * So much time for a call, in milliseconds, that what fails with a chance arrives in the end: in the seconds of most tests there are
 * about eight attempts, and one destination in some thousands misses all of them. It takes none of ours.
 */
export const anHour = 3_600_000;

/** A call, and what the destination has said to it. */
export interface TestCall extends Call {
  readonly problems: Map<Change, string>;
  retries: number;
  calls: number;
}

/**
 * A call with the given time left, which passes only while it sleeps, and then at once: however busy the machine is, what
 * is sent takes none of it, and no request is aborted.
 */
export function callFor(ms: number): TestCall {
  const clock = new VirtualClock(0);
  return testCall({
    remaining: () => Math.max(0, ms - clock.now()),
    sleep: (time) => clock.sleep(time),
    abortAfter: () => new AbortController().signal,
  });
}

/** A call with the given time left on the machine's clock, to see how requests are aborted that nobody answers. */
export function callInRealTime(ms: number): TestCall {
  const end = performance.now() + ms;
  return testCall({
    remaining: () => Math.max(0, end - performance.now()),
    sleep: (time) => sleep(time),
    abortAfter: (time) => AbortSignal.timeout(time),
  });
}

function testCall(time: Pick<Call, "remaining" | "sleep" | "abortAfter">): TestCall {
  const call: TestCall = {
    ...time,
    problems: new Map(),
    retries: 0,
    calls: 0,
    random: seededRandom(1),
    explain: (one, problem) => void call.problems.set(one, problem),
    retried: () => void call.retries++,
    sent: () => void call.calls++,
  };
  return call;
}
