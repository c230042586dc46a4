import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Change } from "./core/change.ts";
import type { Call, Deliver } from "./core/deliver.ts";
import { describe, isPatience, isTransient } from "./core/errors.ts";
import type { ImageForm } from "./core/image-json.ts";
import { pause, timeLimit } from "./core/retry.ts";
import { sdkOptions } from "./core/sdk.ts";
import { callsAtATime, type Lane, lanes, nextCall } from "./sqs/lanes.ts";
import { type Message, message, mostBytes } from "./sqs/message.ts";

/** What the handler of an `sqs` destination is connected with. */
export interface Settings {
  readonly queueUrl: string;
  /** Whether it is a FIFO queue: then the changes of each key keep their order. */
  readonly fifo: boolean;
  /** How images travel. */
  readonly images: ImageForm;
}

/** A SendMessageBatch call: 10 messages, 1 MiB together. */
const request = { count: 10, bytes: mostBytes };
/** The most calls at a time. At 10 to 20 ms a call, four make 200 to 400 calls a second: a FIFO queue's default quota is 300. */
const concurrency = 4;

/**
 * Sends each change as a message. On a FIFO queue a key's next message waits until the one before has arrived, because the
 * entries of a call succeed and fail one by one: sent together, the second could arrive and the first be missing.
 */
export function connect({ queueUrl, fifo, images }: Settings): Deliver {
  // The queue's URL names the queue; where the service is, the client's own configuration says.
  const client = new SQSClient({ ...sdkOptions(concurrency), useQueueUrlAsEndpoint: false });
  return (changes, call) => {
    const messages = changes.map((change) => message(change, images, fifo));
    return runLanes(lanes(messages, fifo), call, (batch) => send(client, queueUrl, batch, call));
  };
}

/** Why a message has not arrived. */
interface Failure {
  readonly reason: string;
  /** Whether sending it again is of no use. */
  readonly final: boolean;
}

/** Sends what the lanes hold, several calls at a time, and answers with the changes that have not arrived. */
function runLanes(
  all: readonly Lane[],
  call: Call,
  sendFirsts: (batch: readonly Message[]) => Promise<ReadonlyMap<Message, Failure>>,
): Promise<Change[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Change[]>();
  const parallel = callsAtATime(all, request.count, concurrency);
  const ready: Lane[] = [];
  const failed: Change[] = [];
  let underWay = 0;
  let waiting = 0;

  const close = (lane: Lane, reason: string) => {
    const [first, ...rest] = lane.queue;
    call.explain(first!.change, reason);
    for (const { change } of rest) call.explain(change, "An earlier change of its key has failed.");
    failed.push(...lane.queue.map(({ change }) => change));
  };
  const open = (lane: Lane) => {
    const first = lane.queue[0];
    if (first === undefined) return;
    if (first.bytes > request.bytes) close(lane, tooLarge(first));
    else ready.push(lane);
  };
  const later = async (lane: Lane, reason: string) => {
    waiting++;
    if (await pause(lane.attempts, call)) ready.push(lane);
    else close(lane, reason);
    waiting--;
    pump();
  };
  const step = async (batch: readonly Lane[]) => {
    underWay++;
    const failures = await sendFirsts(batch.map(({ queue }) => queue[0]!));
    underWay--;
    for (const lane of batch) {
      const failure = failures.get(lane.queue[0]!);
      if (failure === undefined) {
        lane.queue.shift();
        lane.attempts = 0;
        open(lane);
      } else if (failure.final) {
        close(lane, failure.reason);
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

  for (const lane of all) open(lane);
  pump();
  return promise;
}

function tooLarge({ bytes }: Message): string {
  return `Its message of ${bytes.toLocaleString("en")} bytes exceeds the ${mostBytes.toLocaleString("en")} that SQS takes.`;
}

/** One call; SQS says 200 even if it took none of the entries. */
async function send(client: SQSClient, QueueUrl: string, batch: readonly Message[], call: Call) {
  try {
    const abortSignal = timeLimit(call);
    call.sent(batch.reduce((sum, { bytes }) => sum + bytes, 0));
    const Entries = batch.map(({ entry }, i) => ({ ...entry, Id: String(i) }));
    const command = new SendMessageBatchCommand({ QueueUrl, Entries });
    const { Successful = [], Failed = [] } = await client.send(command, { abortSignal });
    const arrived = new Set(Successful.map(({ Id }) => Id));
    const failed = new Map(Failed.map((one) => [one.Id, one]));
    return new Map(
      batch.flatMap((one, i): [Message, Failure][] => {
        if (arrived.has(String(i))) return [];
        const { Code = "no answer", Message: text = "", SenderFault = false } = failed.get(String(i)) ?? {};
        return [[one, { reason: `SQS: ${Code}: ${text}`, final: SenderFault && !isPatience(Code) }]];
      }),
    );
  } catch (error) {
    const failure = { reason: `SQS: ${describe(error)}`, final: !isTransient(error) };
    return new Map(batch.map((one) => [one, failure]));
  }
}
