import type { Change } from "../core/change.ts";
import type { Claim } from "../core/claim-check.ts";
import type { Call } from "../core/deliver.ts";
import { pause } from "../core/retry.ts";
import { callsAtATime, type Lane, nextCall } from "./lanes.ts";
import { type Message, mostBytes } from "./message.ts";

/** Why a message has not arrived. */
export interface Failure {
  readonly reason: string;
  /** Whether sending it again is of no use to this invocation; a later one may find that somebody has mended it. */
  readonly final: boolean;
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
 * Where order matters, nothing is started anymore that comes after a failed change, of whatever key. Lambda delivers all
 * that again, perhaps after more than the five minutes for which SQS drops duplicates; and a key's messages that arrive a
 * second time show older versions after newer ones.
 *
 * What a message points to is stored when it is the first of its lane, while the other lanes go on.
 *
 * @param ordered whether order matters
 * @param most calls at a time
 */
export function runLanes(
  all: readonly Lane[],
  ordered: boolean,
  most: number,
  call: Call,
  steps: Steps,
): Promise<Change[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Change[]>();
  const ready: Lane[] = [];
  const failed: Change[] = [];
  const stored = new Set<Message>();
  let lowestFailed: bigint | undefined;
  let underWay = 0;
  let waiting = 0;

  const comesAfterFailure = ({ change }: Message) =>
    lowestFailed !== undefined && BigInt(change.version) > lowestFailed;
  const fail = ([first, ...rest]: readonly Message[], reason: string, reasonOfRest = laterOfKey) => {
    call.explain(first!.change, reason);
    for (const { change } of rest) call.explain(change, reasonOfRest);
    failed.push(first!.change, ...rest.map(({ change }) => change));
    if (!ordered || comesAfterFailure(first!)) return;
    lowestFailed = BigInt(first!.change.version);
    for (const lane of ready.splice(0)) open(lane);
  };
  const open = (lane: Lane) => {
    const first = lane.queue[0];
    if (first === undefined) return;
    if (comesAfterFailure(first)) fail(lane.queue, laterOfBatch, laterOfBatch);
    else if (first.claim !== undefined && !stored.has(first)) store(lane, first, first.claim).catch(reject);
    else ready.push(lane);
  };
  const store = async (lane: Lane, first: Message, claim: Claim) => {
    waiting++;
    const problem = await steps.store(claim);
    if (problem === undefined) {
      stored.add(first);
      open(lane);
    } else {
      fail(lane.queue, problem);
    }
    waiting--;
    pump();
  };
  const later = async (lane: Lane, reason: string) => {
    waiting++;
    if (await pause(lane.attempts, call)) open(lane);
    else fail(lane.queue, reason);
    waiting--;
    pump();
  };
  const step = async (batch: readonly Lane[]) => {
    underWay++;
    const failures = await steps.send(batch.map(({ queue }) => queue[0]!));
    underWay--;
    for (const lane of batch) {
      const first = lane.queue[0]!;
      const failure = failures.get(first);
      if (failure === undefined) {
        lane.queue.shift();
        lane.attempts = 0;
        open(lane);
      } else if (failure.final || comesAfterFailure(first)) {
        fail(lane.queue, failure.reason);
      } else {
        lane.attempts++;
        later(lane, failure.reason).catch(reject);
      }
    }
    pump();
  };
  const pump = () => {
    while (underWay < parallel && ready.length > 0) step(nextCall(ready, request)).catch(reject);
    if (underWay === 0 && waiting === 0) resolve(failed);
  };

  // What can never arrive is found first, while all that comes after it can still be held back.
  for (const { queue } of all) {
    const large = queue.find(({ bytes }) => bytes > request.bytes);
    if (large !== undefined) fail(queue.splice(queue.indexOf(large)), tooLarge(large));
  }
  const parallel = callsAtATime(all, request.count, most);
  for (const lane of all) open(lane);
  pump();
  return promise;
}

const laterOfKey = "An earlier change of its key has failed.";
const laterOfBatch = "An earlier change of the batch has failed; this one is delivered again with it.";

function tooLarge({ bytes }: Message): string {
  return `Its message of ${bytes.toLocaleString("en")} bytes exceeds the ${mostBytes.toLocaleString("en")} that SQS takes.`;
}
