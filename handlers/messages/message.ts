import type { SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import type { Change, Image } from "../core/change.ts";
import { type Claim, type ClaimSettings, claim } from "../core/claim-check.ts";
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
  /** What has to be stored before the message, which points to it, may be sent. */
  readonly claim?: Claim;
}

/** How changes become messages. */
export interface MessageForm {
  /** How images travel. */
  readonly images: ImageForm;
  /** Whether they go to a FIFO queue: then all changes of a key are one message group, and the event id drops what is sent again within SQS's five minutes. */
  readonly fifo: boolean;
  /** Where the bodies go that no message can hold. */
  readonly claims?: ClaimSettings;
}

/**
 * The message of a change: a JSON body, and attributes that readers can filter on without parsing it. A body that does not
 * fit is left to be stored, and the message has all of it but the images, and where it is.
 */
export function message(change: Change, form: MessageForm): Message {
  const json = (image: Image | undefined) => image && imageJson(image, form.images);
  const facts = {
    eventId: change.eventId,
    operation: change.operation,
    version: change.version,
    time: change.time,
    expired: change.expired,
    keyHash: change.keyHash,
    keys: json(change.keys),
  };
  // A fact of this message, not of the change: a body that is stored again must be the same.
  const { redriven } = change;
  const images = { before: json(change.before), after: json(change.after) };
  const whole = messageOf(change, { ...facts, redriven, ...images }, {}, form);
  if (form.claims === undefined || whole.bytes <= mostBytes) return whole;
  const stored = claim(form.claims, change, bodyOf({ ...facts, ...images }));
  const claimCheck = { bucket: stored.bucket, key: stored.key, bytes: stored.body.length };
  return { ...messageOf(change, { ...facts, redriven, claimCheck }, { claimCheck: "true" }, form), claim: stored };
}

function messageOf(
  change: Change,
  content: object,
  furtherAttributes: Readonly<Record<string, string>>,
  { fifo }: MessageForm,
): Message {
  const attributes = {
    operation: change.operation,
    version: change.version,
    eventId: change.eventId,
    expired: String(change.expired),
    redriven: String(change.redriven),
    ...furtherAttributes,
  };
  const attributeBytes = Object.entries(attributes)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const typeBytes = Object.keys(attributes).length * "String".length;
  const body = bodyOf(content);
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

/**
 * The content as JSON that SQS takes: it accepts `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`.
 * JSON itself escapes controls and halves of surrogate pairs; what is left is written as JSON escapes too, so that every
 * reader's parser restores it.
 */
function bodyOf(content: object): string {
  return JSON.stringify(content).replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}
