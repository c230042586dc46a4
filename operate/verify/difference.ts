import { canonical } from "./canonical.ts";
import { listed } from "./listed.ts";

type ImagesByKey = ReadonlyMap<string, unknown>;

/**
 * What a copy lacks, has too much, or holds differently, both being images by key hash: one line each, at the most five and a
 * count. Keys whose changes lie in the failure queue are left out: they are known to be behind.
 */
export function difference(source: ImagesByKey, copy: ImagesByKey, behind: ReadonlySet<string>): string[] {
  const lines: string[] = [];
  for (const [key, image] of source) {
    if (behind.has(key)) continue;
    if (!copy.has(key)) lines.push(`lacks the item with key hash ${key}`);
    else if (canonical(copy.get(key)) !== canonical(image)) lines.push(`differs in the item with key hash ${key}`);
  }
  for (const key of copy.keys()) {
    if (!source.has(key) && !behind.has(key)) lines.push(`still has the deleted item with key hash ${key}`);
  }
  return listed(lines, "differences");
}
