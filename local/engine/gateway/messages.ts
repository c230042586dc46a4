import { createHash } from "node:crypto";
import { isObject } from "../../../infra/is-object.ts";
import type { Answer } from "./aws-error.ts";
import { attributesDigest, type MessageAttributes } from "./message-attributes.ts";
import type { ServiceCall } from "./service-call.ts";

type Json = Record<string, unknown>;

/** Between a deduplication id and its group: neither can have it. */
const separator = "\u0000";

/**
 * What SQS does with messages and fauxqs does not: to deduplicate them by group where their queue says so, and to give their
 * attributes to those only who ask for them. A topic's messages go to its queues within fauxqs, so that those stay deduplicated by queue.
 */
export class Messages {
  /** The attributes of FIFO queues, as far as callers have set them. */
  readonly #queues = new Map<string, Json>();

  /** The request's body for fauxqs: where messages are deduplicated by group, their ids have the group in them. */
  toEmulator({ operation, region, body }: ServiceCall): Buffer {
    if (operation !== "SendMessage" && operation !== "SendMessageBatch") return body;
    if (this.#queues.size === 0) return body;
    const request = parsed(body);
    const queue = this.#queues.get(queueOf(region, request));
    if (queue?.DeduplicationScope !== "messageGroup") return body;
    const byContent = queue.ContentBasedDeduplication === "true";
    const withGroup = (message: unknown) => (isObject(message) ? idWithGroup(message, byContent) : message);
    if (operation === "SendMessage") return json(withGroup(request));
    return Array.isArray(request.Entries) ? json({ ...request, Entries: request.Entries.map(withGroup) }) : body;
  }

  /** The body of fauxqs's answer, as SQS would give it. Notes what a successful call says about a queue. */
  fromEmulator(call: ServiceCall, { status, body }: Answer): Buffer {
    if (status !== 200) return body;
    if (call.operation !== "ReceiveMessage") {
      this.#note(call);
      return body;
    }
    const asked = list(parsed(call.body).MessageAttributeNames).length > 0;
    const answer = parsed(body);
    const given = list(answer.Messages).filter(isObject);
    if (given.length === 0) return body;
    return json({ ...answer, Messages: given.map((message) => withOwnId(asked ? digested(message) : bare(message))) });
  }

  #note({ operation, region, body }: ServiceCall): void {
    if (operation !== "CreateQueue" && operation !== "SetQueueAttributes" && operation !== "DeleteQueue") return;
    const request = parsed(body);
    const queue = queueOf(region, request);
    if (operation === "DeleteQueue") this.#queues.delete(queue);
    else if (queue.endsWith(".fifo") && isObject(request.Attributes))
      this.#queues.set(queue, { ...this.#queues.get(queue), ...request.Attributes });
  }
}

/** By its name and Region. */
function queueOf(region: string, { QueueName, QueueUrl = QueueName }: Json): string {
  return `${region}/${String(QueueUrl).split("/").at(-1)}`;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
function idWithGroup(message: Json, byContent: boolean): Json {
  const { MessageGroupId, MessageBody, MessageDeduplicationId: own } = message;
  const id = own || (byContent ? createHash("sha256").update(String(MessageBody)).digest("hex") : undefined);
  return id === undefined ? message : { ...message, MessageDeduplicationId: `${id}${separator}${MessageGroupId}` };
}

function withOwnId(message: Json): Json {
  const { Attributes } = message;
  if (!isObject(Attributes) || Attributes.MessageDeduplicationId === undefined) return message;
  const [MessageDeduplicationId] = String(Attributes.MessageDeduplicationId).split(separator);
  return { ...message, Attributes: { ...Attributes, MessageDeduplicationId } };
}

function bare({ MessageAttributes: _, MD5OfMessageAttributes: __, ...message }: Json): Json {
  return message;
}

/** With the digest of those attributes that it has; fauxqs leaves that of all. */
function digested(message: Json): Json {
  if (!isObject(message.MessageAttributes)) return message;
  return { ...message, MD5OfMessageAttributes: attributesDigest(message.MessageAttributes as MessageAttributes) };
}

function parsed(body: Buffer): Json {
  const value: unknown = JSON.parse(body.toString("utf8") || "{}");
  return isObject(value) ? value : {};
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
