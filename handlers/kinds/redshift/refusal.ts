import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Change, Image } from "../../core/contract.ts";
import { lacksNewImage } from "../../core/new-image.ts";

/** The longest string in a SUPER value, in bytes, unless the warehouse has `enable_large_strings_opt_in`: then 16,000,000. */
export const longestString = 65_535;

/** The longest `event_id` that its column holds. */
const longestEventId = 64;

/**
 * Why Redshift could not load the change, or show its item, if so. One row that cannot be loaded makes the COPY of everything
 * that Firehose has put into the same file fail, again and again until the whole file is given up: what cannot land must
 * not be sent.
 *
 * - Strings and names over the limit, see https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html. Binaries
 *   count as the base64 text that they travel as.
 * - Half a surrogate pair, which is no UTF-8. Non-characters such as U+FFFF are accepted, see
 *   https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html.
 *
 * U+0000 is none of them. COPY "treats it as any other character", as AWS says of text in general
 * (https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html#copy-null-as). Estuary, who load JSON
 * with COPY too, report that SUPER holds it exactly, while VARCHAR is cut at it or refuses it
 * (https://github.com/estuary/connectors/pull/839); Airbyte, who checked strings with it against Redshift, that they arrive
 * (https://github.com/airbytehq/airbyte/pull/72201). Here only SUPER columns can have it.
 *
 * The other limits cannot be met: a row is far below 4 MB if it fits a Firehose record, and DynamoDB nests 32 levels deep,
 * twice that with type tags, where SUPER takes 1,000.
 */
export function refusal(change: Change, longest: number): string | undefined {
  return (
    claimRefusal(change, longest) ??
    (change.before && imageRefusal(change.before, longest)) ??
    (change.after && imageRefusal(change.after, longest))
  );
}

/** The same of a change whose images stay outside the warehouse. */
export function claimRefusal(change: Change, longest: number): string | undefined {
  if (Buffer.byteLength(change.eventId) > longestEventId) {
    return `Its event id is longer than the ${longestEventId} bytes of the column event_id.`;
  }
  return lacksNewImage(change) ?? imageRefusal(change.keys, longest);
}

function imageRefusal(image: Image, longest: number): string | undefined {
  for (const [name, value] of Object.entries(image)) {
    const problem = textRefusal(name, longest) ?? valueRefusal(value, longest);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function valueRefusal(value: AttributeValue, longest: number): string | undefined {
  if (value.S !== undefined) return textRefusal(value.S, longest);
  if (value.SS !== undefined) return first(value.SS, (one) => textRefusal(one, longest));
  if (value.B !== undefined) return bytesRefusal(value.B, longest);
  if (value.BS !== undefined) return first(value.BS, (one) => bytesRefusal(one, longest));
  if (value.L !== undefined) return first(value.L, (one) => valueRefusal(one, longest));
  if (value.M !== undefined) return imageRefusal(value.M, longest);
  return undefined;
}

function first<T>(values: readonly T[], problem: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = problem(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textRefusal(text: string, longest: number): string | undefined {
  if (!text.isWellFormed()) return "It holds a string with half a surrogate pair, which Redshift cannot store.";
  // no code unit needs more than three bytes: most strings are done without counting
  if (text.length * 3 > longest && Buffer.byteLength(text) > longest) return tooLong("string", longest);
  return undefined;
}

function bytesRefusal(bytes: Uint8Array, longest: number): string | undefined {
  return Math.ceil(bytes.length / 3) * 4 > longest ? tooLong("binary", longest) : undefined;
}

function tooLong(what: string, longest: number): string {
  return (
    `It holds a ${what} longer than the ${longest.toLocaleString("en")} bytes that a string in SUPER may have; ` +
    "a warehouse with `enable_large_strings_opt_in` takes up to 16,000,000 (setting `maxStringBytes`)."
  );
}
