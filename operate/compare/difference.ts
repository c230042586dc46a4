import { type ImageForm, imageJson } from "../../handlers/core/image-json.ts";
import type { StreamChange } from "./stream.ts";

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

/** A change as a destination shows it. */
export interface ArrivedChange {
  readonly eventId: string;
  readonly operation: string;
  /** A decimal number, with or without zeros before it. */
  readonly version: string;
  readonly keyHash: string;
  /** The images in the destination's form; null or absent where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * How what arrived differs from what the stream shows, change by change: one line each, at the most five and a count. A
 * change may arrive more than once, equal each time.
 * @param excused event ids of changes that may have arrived or not: messages in the failure queue cover them
 */
export function changeDifference(
  changes: readonly StreamChange[],
  arrived: readonly ArrivedChange[],
  form: ImageForm,
  excused: ReadonlySet<string>,
): string[] {
  const expected = new Map(changes.map((change) => [change.eventId, change]));
  const seen = new Set(arrived.map(({ eventId }) => eventId));
  const lines = [...expected.keys()]
    .filter((eventId) => !seen.has(eventId) && !excused.has(eventId))
    .map((eventId) => `lacks the change with event id ${eventId}`);
  const reported = new Set<string>();
  const texts = new Map<string, string>();
  for (const one of arrived) {
    const { eventId } = one;
    if (reported.has(eventId)) continue;
    const change = expected.get(eventId);
    if (change !== undefined && !texts.has(eventId)) texts.set(eventId, textOf(asArrived(change, form)));
    if (textOf(one) === texts.get(eventId)) continue;
    reported.add(eventId);
    const problem = change === undefined ? "has a change that it should not have, with" : "differs in the change with";
    lines.push(`${problem} event id ${eventId}`);
  }
  return listed(lines, "differences between its changes and the stream's");
}

function asArrived({ before, after, ...change }: StreamChange, form: ImageForm): ArrivedChange {
  return { ...change, before: before && imageJson(before, form), after: after && imageJson(after, form) };
}

function textOf({ operation, version, keyHash, before, after }: ArrivedChange): string {
  return canonical([operation, String(BigInt(version)), keyHash, before ?? null, after ?? null]);
}

const setTags = new Set(["SS", "NS", "BS"]);

/** The same text for equal images in DynamoDB JSON: names are sorted, and so are sets, which have no order of their own. */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown, tag?: string): unknown {
  if (Array.isArray(value)) {
    return tag !== undefined && setTags.has(tag) ? [...value].sort() : value.map((entry) => sorted(entry));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => [name, sorted(entry, name)]),
  );
}

const most = 5;

/** Problems as a person reads them: at the most five lines, and how many more there are. */
export function listed(lines: readonly string[], what: string): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `and ${lines.length - most} more ${what}`];
}
