import type { Change } from "../core/change.ts";
import type { Claim } from "../core/claim-check.ts";
import type { Call } from "../core/deliver.ts";
import { pause } from "../core/retry.ts";
import { callsAtATime, type Lane, nextCall } from "./lanes.ts";
import { type Message, mostBytes } from "./message.ts";

/** Why a message has not arrived. */
export interface Failure {
  readonly reason: string;
  /** Whether sending it again is of no use. */
  readonly final: boolean;
  /** Whether it says nothing about this message: the queue is unavailable, and all wait until it is back. */
  readonly down: boolean;
}

/** How messages leave. */
export interface Steps {
  /** Stores what a message points to, patiently; answers with why it could not. */
  store(claim: Claim): Promise<string | undefined>;
  /** Makes one call; answers with those that have not arrived. */
  send(batch: readonly Message[]): Promise<ReadonlyMap<Message, Failure>>;
}

/** A SendMessageBatch call: 10 messages, 1 MiB together. */
const request = { count: 10, bytes: mostBytes };

/**
 * Sends what the lanes hold, several calls at a time, and answers with the changes that have not arrived.
 *
 * Where it holds back, nothing is started anymore that comes after a failed change, of whatever key. Lambda delivers all
 * that again, perhaps after more than the five minutes for which SQS drops duplicates; and a key's messages that arrive a
 * second time show older versions after newer ones.
 *
 * What messages point to is stored first of all. What comes before such a message goes on meanwhile; what comes after it
 * waits, of whatever key: if S3 is away until the time is over, all of that is delivered again.
 *
 * @param holdsBack whether a failed change holds back what comes after it, of other keys too
 * @param most calls at a time
 */
export function runLanes(
  all: readonly Lane[],
  holdsBack: boolean,
  most: number,
  call: Call,
  steps: Steps,
): Promise<Change[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Change[]>();
  const ready: Lane[] = [];
  const failed: Change[] = [];
  const unstored = new Set<Message>();
  const heldBack: Lane[] = [];
  let lowestFailed: bigint | undefined;
  let underWay = 0;
  let waiting = 0;
  let callsDown = 0;
  let resting = false;
  let over: string | undefined;

  const comesAfterFailure = ({ change }: Message) =>
    lowestFailed !== undefined && BigInt(change.version) > lowestFailed;
  const fail = ([first, ...rest]: readonly Message[], reason: string, reasonOfRest = laterOfKey) => {
    call.explain(first!.change, reason);
    for (const { change } of rest) call.explain(change, reasonOfRest);
    failed.push(first!.change, ...rest.map(({ change }) => change));
    if (!holdsBack || comesAfterFailure(first!)) return;
    lowestFailed = BigInt(first!.change.version);
    for (const lane of [...ready.splice(0), ...heldBack.splice(0)]) open(lane);
  };
  const waitsForStore = (first: Message) =>
    unstored.has(first) || (holdsBack && [...unstored].some((one) => comesBefore(one, first)));
  const open = (lane: Lane) => {
    const first = lane.queue[0];
    if (first === undefined) return;
    if (comesAfterFailure(first)) fail(lane.queue.splice(0), laterOfBatch, laterOfBatch);
    else if (over !== undefined) fail(lane.queue.splice(0), over);
    else if (waitsForStore(first)) heldBack.push(lane);
    else ready.push(lane);
  };
  const store = async ({ queue }: Lane, one: Message, claim: Claim) => {
    waiting++;
    unstored.add(one);
    const problem = await steps.store(claim);
    unstored.delete(one);
    // It may have failed already, with what comes before it.
    if (problem !== undefined && queue.includes(one)) fail(queue.splice(queue.indexOf(one)), problem);
    for (const lane of heldBack.splice(0)) open(lane);
    waiting--;
    pump();
  };
  const later = async (lane: Lane, reason: string) => {
    waiting++;
    if (await pause(lane.attempts, call, reason)) open(lane);
    else fail(lane.queue.splice(0), reason);
    waiting--;
    pump();
  };
  /** Lets all lanes wait, so that an outage is met with a call now and then, not with one for each message. */
  const rest = async (reason: string) => {
    waiting++;
    resting = true;
    callsDown++;
    if (!(await pause(callsDown, call, reason))) over = reason;
    resting = false;
    waiting--;
    if (over !== undefined) for (const lane of ready.splice(0)) open(lane);
    pump();
  };
  const step = async (batch: readonly Lane[]) => {
    underWay++;
    const failures = await steps.send(batch.map(({ queue }) => queue[0]!));
    underWay--;
    const down = [...failures.values()].find((failure) => failure.down);
    if (down === undefined) callsDown = 0;
    for (const lane of batch) {
      const first = lane.queue[0]!;
      const failure = failures.get(first);
      if (failure === undefined) {
        lane.queue.shift();
        lane.attempts = 0;
        open(lane);
      } else if (failure.final || comesAfterFailure(first)) {
        fail(lane.queue.splice(0), failure.reason);
      } else if (failure.down) {
        open(lane);
      } else {
        lane.attempts++;
        later(lane, failure.reason).catch(reject);
      }
    }
    if (down !== undefined && !resting && over === undefined) rest(down.reason).catch(reject);
    pump();
  };
  const pump = () => {
    while (!resting && underWay < parallel && ready.length > 0) step(nextCall(ready, request)).catch(reject);
    if (underWay === 0 && waiting === 0) resolve(failed);
  };

  // What can never arrive is found first, while all that comes after it can still be held back.
  for (const { queue } of all) {
    const large = queue.find(({ bytes }) => bytes > request.bytes);
    if (large !== undefined) fail(queue.splice(queue.indexOf(large)), tooLarge(large));
  }
  const parallel = callsAtATime(all, request.count, most);
  for (const lane of all)
    for (const one of lane.queue)
      if (one.claim !== undefined && !comesAfterFailure(one)) store(lane, one, one.claim).catch(reject);
  for (const lane of all) open(lane);
  pump();
  return promise;
}

function comesBefore(one: Message, other: Message): boolean {
  return BigInt(one.change.version) < BigInt(other.change.version);
}

const laterOfKey = "An earlier change of its key has failed.";
const laterOfBatch = "An earlier change of the batch has failed; this one is delivered again with it.";

function tooLarge({ bytes }: Message): string {
  return `Its message of ${bytes.toLocaleString("en")} bytes exceeds the ${mostBytes.toLocaleString("en")} that SQS takes.`;
}
