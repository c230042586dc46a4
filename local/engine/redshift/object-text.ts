import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { CopyOptions } from "./copy-options.ts";

/** The text of an object in S3, or why it cannot be read. */
export function objectText(
  body: Buffer,
  options: CopyOptions,
): { readonly text: string } | { readonly reason: string } {
  let bytes = body;
  if (options.gzip) {
    try {
      bytes = gunzipSync(body);
    } catch (error) {
      return { reason: `the object is no GZIP file, though the COPY says GZIP: ${(error as Error).message}` };
    }
  }
  if (isUtf8(bytes)) return { text: bytes.toString("utf8") };
  if (options.invalidChars !== undefined) return { text: replaceInvalid(bytes, options.invalidChars) };
  return { reason: "String contains invalid or unsupported UTF8 codepoints" };
}

/** Replaces each byte that is not part of a character. */
function replaceInvalid(bytes: Buffer, replacement: string): string {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    parts.push(bytes.toString("utf8", start, at), replacement);
    at += 1;
    start = at;
  }
  return parts.join("") + bytes.toString("utf8", start);
}

function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
