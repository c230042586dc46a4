import type { Change, Image } from "../../core/contract.ts";
import { type ImageForm, imageJson } from "../../core/image-json.ts";
import { sortable } from "../../core/key-and-version.ts";

/**
 * A change as a row of the change log: one JSON object and a line feed. `COPY ... FORMAT JSON 'auto'` matches names to
 * columns by case, hence lower case; images are nested objects, since a string of JSON would stay a string in SUPER; a
 * column without a value is left out, and COPY fills it with NULL: an image that is not there, and what the record did not say.
 */
export function row(change: Change, images: ImageForm, sentAt: Date): string {
  return `${JSON.stringify({ ...head(change, images, sentAt), ...imagesOf(change, images) })}\n`;
}

/** The row of a change whose images are elsewhere: it says where instead. */
export function claimRow(change: Change, images: ImageForm, sentAt: Date, claimCheck: string): string {
  return `${JSON.stringify({ ...head(change, images, sentAt), claim_check: claimCheck })}\n`;
}

/** What a claim's place holds: the whole row, but for when it was sent, so that it is the same each time. */
export function claimBody(change: Change, images: ImageForm): string {
  return JSON.stringify({ ...head(change, images), ...imagesOf(change, images) });
}

function head(change: Change, images: ImageForm, sentAt?: Date) {
  return {
    key_hash: change.keyHash,
    keys: imageJson(change.keys, images),
    operation: change.operation,
    version: sortable(change.version),
    event_id: change.eventId,
    changed_at: change.time?.replace("T", " ").replace("Z", ""),
    sent_at: sentAt?.toISOString().replace("T", " ").replace("Z", ""),
    expired: change.expired,
  };
}

function imagesOf({ before, after }: Change, images: ImageForm) {
  const json = (image: Image | undefined) => image && imageJson(image, images);
  return { old_image: json(before), new_image: json(after) };
}
