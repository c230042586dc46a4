import { createHash } from "node:crypto";

/**
 * A physical name for what AWS does not name by itself: lower-case letters, digits and the separator, at most `limit`
 * characters, and different for different parts, because a name that had to be changed or cut ends in a hash of the whole.
 */
export function physicalName(parts: readonly string[], separator: "-" | "_", limit: number): string {
  const whole = parts.join(separator);
  const plain = whole.toLowerCase().replaceAll(/[^a-z0-9]+/g, separator);
  if (plain === whole && plain.length <= limit) return plain;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 8);
  return `${plain.slice(0, limit - hash.length - 1)}${separator}${hash}`.replaceAll(
    new RegExp(`${separator}+`, "g"),
    separator,
  );
}
