import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type ClaimSettings, connectStore } from "../core/claim-check.ts";
import type { Call, Deliver } from "../core/deliver.ts";
import { describe, isRefusal, isRefusalCode } from "../core/errors.ts";
import type { ImageForm } from "../core/image-json.ts";
import { timeLimit } from "../core/retry.ts";
import { sdkOptions } from "../core/sdk.ts";
import { lanes, skipFirsts } from "../messages/lanes.ts";
import { type Message, message } from "../messages/message.ts";
import { RecentIds } from "../messages/recent-ids.ts";
import { type Failure, runLanes, type Steps } from "../messages/run-lanes.ts";

/** What the handler of an `sqs` destination is connected with. */
export interface Settings {
  readonly queueUrl: string;
  /** Whether it is a FIFO queue: then the changes of each key keep their order. */
  readonly fifo: boolean;
  /** How images travel. */
  readonly images: ImageForm;
  /** Where the bodies go that no message can hold; without it, a change that needs one is refused. */
  readonly claims?: ClaimSettings;
}

/** The most calls at a time. At 10 to 20 ms a call, four make 200 to 400 calls a second: a FIFO queue's default quota is 300. */
const concurrency = 4;

/**
 * How many event ids to remember: two and a half of the largest batches. Twice that, the most there can be, takes under 4 MB.
 */
const remembered = 25_000;

/**
 * Sends each change as a message. On a FIFO queue a key's next message waits until the one before has arrived, because the
 * entries of a call succeed and fail one by one: sent together, the second could arrive and the first be missing.
 *
 * A FIFO queue drops what it has had within five minutes; what is delivered again later must not be sent again, or readers
 * see older versions after newer ones. So the process remembers what has arrived: by its event id, not by its key's highest
 * version, because an older change that never arrived may come from the failure queue. Readers of a standard queue have to
 * bear repetitions and disorder anyhow, and there a change that is sent again on purpose shall arrive.
 */
export function connect({ queueUrl, ...form }: Settings): Deliver {
  // The queue's URL names the queue; where the service is, the client's own configuration says.
  const client = new SQSClient({ ...sdkOptions(concurrency), useQueueUrlAsEndpoint: false });
  const storeClaim = form.claims && connectStore();
  const arrived = new RecentIds(remembered);
  return (changes, call) => {
    const all = lanes(
      changes.map((change) => message(change, form)),
      form.fifo,
    );
    if (form.fifo) for (const lane of all) skipFirsts(lane, ({ change }) => arrived.has(change.eventId));
    const steps: Steps = {
      store: (claim) => storeClaim!(claim, call),
      async send(batch) {
        const failures = await send(client, queueUrl, batch, call);
        if (form.fifo) for (const one of batch) if (!failures.has(one)) arrived.add(one.change.eventId);
        return failures;
      },
    };
    // Nobody delivers again what would be held back of a redrive, and readers know that it comes out of turn.
    const holdsBack = form.fifo && !changes.some(({ redriven }) => redriven);
    return runLanes(all, holdsBack, concurrency, call, steps);
  };
}

/** One call; SQS says 200 even if it took none of the entries. */
async function send(
  client: SQSClient,
  QueueUrl: string,
  batch: readonly Message[],
  call: Call,
): Promise<ReadonlyMap<Message, Failure>> {
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
        const { Code = "no answer", Message: text = "" } = failed.get(String(i)) ?? {};
        return [[one, { reason: `SQS: ${Code}: ${text}`, final: isRefusalCode(Code), down: false }]];
      }),
    );
  } catch (error) {
    const failure = { reason: `SQS: ${describe(error)}`, final: isRefusal(error), down: !isRefusal(error) };
    return new Map(batch.map((one) => [one, failure]));
  }
}
