import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { imageJson } from "../../handlers/core/image-json.ts";
import { expiryAttribute, versionAttribute } from "../../handlers/kinds/replica/item.ts";
import type { StreamChange } from "../../operate/compare/stream.ts";

/** The longest string of a SUPER value, and the largest Firehose record, in bytes. */
const most = { string: 65_535, record: 1_024_000 };

/**
 * Whether a kind of destination can never take a change, however often it comes: what may be left in a failure queue after a
 * redrive.
 */
export function isRefused(kind: string, { operation, before, after }: StreamChange): boolean {
  if (kind === "replica") {
    const names = operation === "REMOVE" ? [] : Object.keys(after ?? {});
    return names.includes(versionAttribute) || names.includes(expiryAttribute);
  }
  if (kind !== "redshift") return false;
  const images = [before, after].filter((image) => image !== undefined);
  // What no record can hold goes to S3, where strings may be as they like.
  const bytes = images.reduce((sum, image) => sum + Buffer.byteLength(JSON.stringify(imageJson(image, "plain"))), 0);
  return bytes < most.record && images.some((image) => textsOf({ M: image }).some(isUnfit));
}

function isUnfit(text: string): boolean {
  return Buffer.byteLength(text) > most.string;
}

/** Every string in a value, the names of attributes too, with binaries as base64. */
function textsOf(value: AttributeValue): string[] {
  const { S = [], SS = [], B = [], BS = [], L = [], M = {} } = value;
  const bytes = [B, BS].flat().map((one) => Buffer.from(one as Uint8Array).toString("base64"));
  const inside = [...L, ...Object.values(M)].flatMap(textsOf);
  return [S, SS].flat().concat(bytes, Object.keys(M), inside);
}
