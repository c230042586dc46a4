import type { Change, Image } from "../core/change.ts";
import { type ImageForm, imageJson } from "../core/image-json.ts";
import { sortable } from "../core/version.ts";

/**
 * A change as a row of the change log: one JSON object and a line feed. `COPY ... FORMAT JSON 'auto'` matches names to
 * columns by case, hence lower case; images are nested objects, since a string of JSON would stay a string in SUPER; a
 * column without a value is left out, and COPY fills it with NULL.
 */
export function row(change: Change, images: ImageForm, sentAt: Date): string {
  const json = (image: Image | undefined) => image && imageJson(image, images);
  return `${JSON.stringify({
    key_hash: change.keyHash,
    keys: json(change.keys),
    operation: change.operation,
    version: sortable(change.version),
    event_id: change.eventId,
    changed_at: change.time.replace("T", " ").replace("Z", ""),
    sent_at: sentAt.toISOString().replace("T", " ").replace("Z", ""),
    expired: change.expired,
    old_image: json(change.before),
    new_image: json(change.after),
  })}\n`;
}
