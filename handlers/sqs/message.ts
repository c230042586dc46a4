import type { SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import type { Change, Image } from "../core/change.ts";
import { type ImageForm, imageJson } from "../core/image-json.ts";

/**
 * The most that a message, and all messages of a call together, may have, attributes included: 1 MiB. See
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html.
 */
export const mostBytes = 1_048_576;

/** A change as a message, but for the `Id` that it has in a call. */
export interface Message {
  readonly change: Change;
  readonly entry: Omit<SendMessageBatchRequestEntry, "Id">;
  /** Its size as SQS counts it: the body, and each attribute's name, type and value. */
  readonly bytes: number;
}

/**
 * The message of a change: a JSON body, and attributes that readers can filter on without parsing it. On a FIFO queue all
 * changes of a key are one message group, and the event id drops what is sent again within SQS's five minutes.
 */
export function message(change: Change, images: ImageForm, fifo: boolean): Message {
  const attributes = {
    operation: change.operation,
    version: change.version,
    eventId: change.eventId,
    expired: String(change.expired),
    redriven: String(change.redriven),
  };
  const attributeBytes = Object.entries(attributes)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const typeBytes = Object.keys(attributes).length * "String".length;
  const body = escaped(bodyOf(change, images));
  return {
    change,
    bytes: Buffer.byteLength(body) + attributeBytes + typeBytes,
    entry: {
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
      ),
      ...(fifo && { MessageGroupId: change.keyHash, MessageDeduplicationId: change.eventId }),
    },
  };
}

function bodyOf(change: Change, images: ImageForm): string {
  const json = (image: Image | undefined) => image && imageJson(image, images);
  return JSON.stringify({
    eventId: change.eventId,
    operation: change.operation,
    version: change.version,
    time: change.time,
    expired: change.expired,
    redriven: change.redriven,
    keyHash: change.keyHash,
    keys: json(change.keys),
    before: json(change.before),
    after: json(change.after),
  });
}

/**
 * SQS accepts `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`. JSON itself escapes controls and
 * halves of surrogate pairs; what is left is written as JSON escapes too, so that every reader's parser restores it.
 */
function escaped(json: string): string {
  return json.replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}
