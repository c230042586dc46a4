/**
 * PostgreSQL's jsonb cannot hold U+0000, which a SUPER can. So it stands there as two characters, the first of which is
 * none that any text should have; where a text does have it, it stands as two as well. Only SQL that looks into a SUPER
 * sees the difference.
 */
const mark = "\ufdd0";

/** The JSON value in a form that jsonb can hold. */
export function withoutNul(value: unknown): unknown {
  return texts(value, (text) => text.replace(/[\0\ufdd0]/g, (found) => (found === mark ? `${mark}1` : `${mark}0`)));
}

/** The JSON value, from the text of a jsonb. */
export function withNul(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return json.includes(mark)
    ? texts(value, (text) => text.replace(/\ufdd0[01]/g, (found) => (found === `${mark}1` ? mark : "\0")))
    : value;
}

/** The value with each of its strings, names included, in another form. */
function texts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((part) => texts(part, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [change(name), texts(part, change)]));
}
