import { type Claim, type ClaimSettings, claim } from "../core/claim-check.ts";
import type { Change, Image } from "../core/contract.ts";
import { type ImageForm, imageJson } from "../core/image-json.ts";

/** A change as a message, in no service's form yet. */
export interface Message {
  readonly change: Change;
  /** JSON. */
  readonly body: string;
  /** What readers can filter on without parsing the body; all of the type `String`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Its size as services count it: the body, and each attribute's name, type and value. */
  readonly bytes: number;
  /** What has to be stored before the message, which points to it, may be sent. */
  readonly claim?: Claim;
}

/** Why a message has not arrived. */
export interface SendFailure {
  readonly reason: string;
  /** Whether sending it again is of no use. */
  readonly refused: boolean;
  /** Whether it says nothing about this message: the service is unavailable, and all wait until it is back. */
  readonly unavailable: boolean;
  /** Whether the service refused a request of several as a whole: each of them may be taken in a smaller one. */
  readonly together?: boolean;
}

/** How changes become messages. */
interface MessageForm {
  /** How images travel. */
  readonly images: ImageForm;
  /** The most bytes that a message may have. */
  readonly mostBytes: number;
  /** Where the bodies go that no message can hold. */
  readonly claims?: ClaimSettings;
}

/**
 * The message of a change: a JSON body, and attributes that readers can filter on without parsing it. What the record does
 * not say is null, and has no attribute. A body that does not fit is left to be stored, and the message has all of it but the images, and where
 * it is.
 */
export function message(change: Change, form: MessageForm): Message {
  const json = (image: Image | undefined) => image && imageJson(image, form.images);
  const facts = {
    eventId: change.eventId,
    operation: change.operation,
    version: change.version,
    time: change.time ?? null,
    expired: change.expired ?? null,
    keyHash: change.keyHash,
    keys: json(change.keys),
  };
  // A fact of this message, not of the change: a body that is stored again must be the same.
  const { redriven } = change;
  const images = { before: json(change.before), after: json(change.after) };
  const whole = messageOf(change, { ...facts, redriven, ...images }, {});
  if (form.claims === undefined || whole.bytes <= form.mostBytes) return whole;
  const stored = claim(form.claims, change, bodyOf({ ...facts, ...images }));
  const claimCheck = { bucket: stored.bucket, key: stored.key, bytes: stored.body.length };
  return { ...messageOf(change, { ...facts, redriven, claimCheck }, { claimCheck: "true" }), claim: stored };
}

function messageOf(change: Change, content: object, furtherAttributes: Readonly<Record<string, string>>): Message {
  const attributes = {
    operation: change.operation,
    version: change.version,
    eventId: change.eventId,
    ...(change.expired !== undefined && { expired: String(change.expired) }),
    redriven: String(change.redriven),
    ...furtherAttributes,
  };
  const attributeBytes = Object.entries(attributes)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const typeBytes = Object.keys(attributes).length * "String".length;
  const body = bodyOf(content);
  return { change, body, attributes, bytes: Buffer.byteLength(body) + attributeBytes + typeBytes };
}

/**
 * The content as JSON of characters that a message may have: `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000
 * to #x10FFFF`. JSON itself escapes controls and halves of surrogate pairs; what is left is written as JSON escapes too, so
 * that every reader's parser restores it.
 */
function bodyOf(content: object): string {
  return JSON.stringify(content).replaceAll("\uFFFE", "\\ufffe").replaceAll("\uFFFF", "\\uffff");
}
