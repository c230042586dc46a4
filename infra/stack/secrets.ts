import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../is-object.ts";
import { inOneLine, type Problem } from "../settings/check.ts";

/** What of a stack's settings is stored as a secret, and must not be shown. */
export interface Secrets {
  /** The settings at the top that are secret, or have a part that is. */
  readonly keys: ReadonlySet<string>;
  /** A problem, or a warning, as a line without any secret value. */
  readonly line: (problem: Problem) => string;
}

/**
 * Finds what is secret. Pulumi tells a program of whole keys only: with `secure:` in one part, all of the key is secret.
 * @param config the namespace of the settings
 * @param given the settings, unchecked
 */
export function secretsOf(config: pulumi.Config, given: Readonly<Record<string, unknown>>): Secrets {
  const keys = new Set(
    Object.keys(given).filter((key) =>
      [config.name, pulumi.getProject()].some((namespace) => isConfigSecret(`${namespace}:${key}`)),
    ),
  );
  const values = Object.entries(given).flatMap(([key, value]) => (keys.has(key) ? leaves(value, [key]) : []));
  const words = new Set(values.flatMap(wordsOf));
  const line = ({ path, message, withoutValue }: Problem): string => {
    const isSecret = keys.has(/^[^.[]*/.exec(path)![0]);
    const shown = withoutValue === undefined ? conceal(message, words) : isSecret ? withoutValue : message;
    // What stands in a filter pattern names attributes, and may come from text.
    const place = isSecret ? path.replace(/(\.filters\[\d+\]).*$/, "$1") : path;
    return inOneLine(`${place}: ${shown}`);
  };
  return { keys, line };
}

// The SDK has it, but does not declare it: `getSecret` calls every key secret, and `get` none.
const { isConfigSecret } = pulumi.runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };

/**
 * The values in settings, and the names of attributes in filter patterns; without the kinds and consumers of destinations,
 * which are in the names of resources.
 */
function leaves(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((part) => leaves(part, [...path, ""]));
  const [top, , setting] = path;
  const isPattern = top === "destinations" && setting === "filters";
  if (isObject(value))
    return Object.entries(value).flatMap(([key, part]) => [
      ...(isPattern ? [key] : []),
      ...leaves(part, [...path, key]),
    ]);
  const isNamed = top === "destinations" && path.length === 3 && (setting === "kind" || setting === "consumer");
  return isNamed || (typeof value !== "string" && typeof value !== "number") ? [] : [String(value)];
}

const word = /([\p{L}\p{N}_-]+)(\.\.\.)?/gu;

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(word)].map(([, found]) => found!);
}

/** The parts of a name that is made of several, such as `films` of `films_changes`, and the whole. */
function partsOf(name: string): readonly string[] {
  const ends = [...name.matchAll(/[_-]|$/g)].map(({ index }) => index);
  const starts = [0, ...ends.map((end) => end + 1)];
  return starts.flatMap((start) => ends.filter((end) => end > start).map((end) => name.slice(start, end)));
}

/** Text without certain words, whole or in names made of them; one before three dots may be the beginning of one. */
function conceal(text: string, words: ReadonlySet<string>): string {
  if (words.size === 0) return text;
  const isHidden = (found: string, cut: string) =>
    partsOf(found).some((part) => words.has(part)) || (cut !== "" && [...words].some((each) => each.startsWith(found)));
  return text
    .replaceAll(word, (whole, found: string, cut = "") => (isHidden(found, cut) ? `[secret]${cut}` : whole))
    .replaceAll(/\[secret\]([^\s[\]]{1,3}\[secret\])+/g, "[secret]");
}
