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
