import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { type ClaimSettings, connectStore } from "../core/claim-check.ts";
import type { Call, Deliver } from "../core/contract.ts";
import { errorLine, isRefusal, isRefusalCode, type RefusalCodes } from "../core/errors.ts";
import type { ImageForm } from "../core/image-json.ts";
import { sdkOptions, timeLimit } from "../core/requests.ts";
import { RecentIds, skipArrived } from "../messages/arrived.ts";
import { groupMessages, type ServiceLimits } from "../messages/groups.ts";
import { type Message, message, type SendFailure } from "../messages/message.ts";
import { type Steps, sendInOrder } from "../messages/send-in-order.ts";

/** What the handler of an `sqs` destination is connected with. */
export interface Settings {
  readonly queueUrl: string;
  /** Whether it is a FIFO queue: then the changes of each key keep their order. */
  readonly fifo: boolean;
  /** How images travel. */
  readonly images: ImageForm;
  /**
   * The most bytes that the queue takes of a message, and of all messages of a request together.
   * @default 1048576, the most that SQS takes
   */
  readonly maximumMessageSize?: number;
  /** Where the bodies go that no message can hold; without it, a change that needs one is refused. */
  readonly claims?: ClaimSettings;
}

/**
 * How SQS refuses, for a whole request or one of its entries, see
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html.
 */
export const refusals: RefusalCodes = new Set([
  "BatchRequestTooLong",
  "InvalidMessageContents",
  "InvalidParameterValue",
  "InvalidParameterValueException",
  "SerializationException",
  "TooManyEntriesInBatchRequest",
  "ValidationException",
]);

/**
 * A SendMessageBatch request; sizes include the attributes. See
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html.
 */
const most: ServiceLimits = { service: "SQS", bytes: 1_048_576, count: 10 };

/**
 * The most requests at a time. At 10 to 20 ms each, four make 200 to 400 requests a second: a FIFO queue's default quota is
 * 300.
 */
const mostRequests = 4;

/**
 * How many event ids to remember: two and a half of the largest batches. Twice that, the most there can be, takes under 4 MB.
 */
const remembered = 25_000;

/**
 * Sends each change as a message. On a FIFO queue a key's next message waits until the one before has arrived, because the
 * entries of a request succeed and fail one by one: sent together, the second could arrive and the first be missing.
 *
 * A FIFO queue drops what it has had within five minutes; what is delivered again later must not be sent again, or readers
 * see older versions after newer ones. So the process remembers what has arrived: by its event id, not by its key's highest
 * version, because an older change that never arrived may come from the failure queue. Readers of a standard queue have to
 * bear repetitions and disorder in any case, and a change that is sent to it again on purpose must arrive.
 */
export function connect({ queueUrl, fifo, images, maximumMessageSize = most.bytes, claims }: Settings): Deliver {
  const limits = maximumMessageSize < most.bytes ? { ...most, service: "the queue", bytes: maximumMessageSize } : most;
  // The queue's URL names the queue; where the service is, the client's own configuration says.
  const client = new SQSClient({ ...sdkOptions(mostRequests), useQueueUrlAsEndpoint: false });
  const storeClaim = claims && connectStore();
  const form = { images, mostBytes: limits.bytes, ...(claims && { claims }) };
  const arrived = new RecentIds(remembered);
  return (changes, call) => {
    const groups = groupMessages(
      changes.map((change) => message(change, form)),
      fifo,
    );
    if (fifo) for (const group of groups) skipArrived(group, ({ change }) => arrived.has(change.eventId));
    const steps: Steps = {
      store: (claim) => storeClaim!(claim, call),
      async send(messages) {
        const failures = await send(client, queueUrl, fifo, messages, call);
        if (fifo) for (const one of messages) if (!failures.has(one)) arrived.add(one.change.eventId);
        return failures;
      },
    };
    // Nobody delivers again what would be held back of a redrive, and readers know that it comes out of turn.
    const holdsBack = fifo && !changes.some(({ redriven }) => redriven);
    return sendInOrder(groups, { limits, mostRequests, holdsBack }, call, steps);
  };
}

/** One request; SQS says 200 even if it took none of the entries. */
async function send(
  client: SQSClient,
  QueueUrl: string,
  fifo: boolean,
  messages: readonly Message[],
  call: Call,
): Promise<ReadonlyMap<Message, SendFailure>> {
  try {
    const abortSignal = timeLimit(call);
    call.sent(messages.reduce((sum, { bytes }) => sum + bytes, 0));
    const Entries = messages.map((one, i) => entry(one, String(i), fifo));
    const command = new SendMessageBatchCommand({ QueueUrl, Entries });
    const { Successful = [], Failed = [] } = await client.send(command, { abortSignal });
    const arrived = new Set(Successful.map(({ Id }) => Id));
    const failed = new Map(Failed.map((one) => [one.Id, one]));
    return new Map(
      messages.flatMap((one, i): [Message, SendFailure][] => {
        if (arrived.has(String(i))) return [];
        const { Code = "no answer", Message: text = "" } = failed.get(String(i)) ?? {};
        const refused = isRefusalCode(Code, refusals);
        return [[one, { reason: `SQS: ${Code}: ${text}`, refused, unavailable: false }]];
      }),
    );
  } catch (error) {
    const isRefused = isRefusal(error, refusals);
    const together = isRefused && messages.length > 1;
    const refused = isRefused && !together;
    const failure = { reason: `SQS: ${errorLine(error)}`, refused, unavailable: !isRefused, together };
    return new Map(messages.map((one) => [one, failure]));
  }
}

/**
 * The message as SendMessageBatch takes it. On a FIFO queue all changes of a key are one message group, and the event id
 * drops what is sent again within SQS's five minutes.
 */
function entry({ change, body, attributes }: Message, Id: string, fifo: boolean): SendMessageBatchRequestEntry {
  return {
    Id,
    MessageBody: body,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
    ),
    ...(fifo && { MessageGroupId: change.keyHash, MessageDeduplicationId: change.eventId }),
  };
}
