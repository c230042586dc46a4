import type { z } from "zod";
import { allowed, alternatives, jsonSchema, type SchemaNode } from "./json-schema.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing wrong in the configuration: where it is, what is wrong, and what is allowed. */
export interface Problem {
  /** Dotted path from the configuration's root, such as `destinations.events.queueArn`. */
  readonly path: string;
  /** What is wrong and what would be right, as one sentence. */
  readonly message: string;
  /** The same without the value, which may be secret; absent where the message was not made for a single value. */
  readonly withoutValue?: string;
}

/** A checked value, or what is wrong with it. */
export type Checked<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] };

/** What a check has found wrong. */
export function problemsOf(checked: Checked<unknown>): readonly Problem[] {
  return "problems" in checked ? checked.problems : [];
}

/** What is known beside the schema when a value is checked. */
interface CheckOptions {
  /** Names that are allowed elsewhere, as paths: an unknown key near one of them is told where it belongs. */
  readonly elsewhere?: readonly string[];
}

/** Checks a value against a schema and tells people, not machines, what is wrong: where, what it is, and what is allowed. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
  options: CheckOptions = {},
): Checked<z.output<Schema>> {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const root = jsonSchema(schema);
  const problems = result.error.issues.flatMap((issue) => explain(issue, [], { root, value, path, options }));
  return { problems };
}

/** A value as people would write it, in one line, cut where it is long. */
export function show(value: unknown): string {
  const text = inOneLine((typeof value === "number" ? undefined : JSON.stringify(value)) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57).replace(/[\ud800-\udbff]$/, "")}...` : text;
}

/** Text without anything that ends a line, changes the terminal, is invisible or reorders what is shown. */
export function inOneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`);
}

/** A path in Pulumi's own notation, such as `destinations.events.filters[0]`. */
export function join(path: string, rest: readonly PropertyKey[]): string {
  return rest.reduce<string>((all, part) => {
    if (typeof part === "number") return `${all}[${part}]`;
    const key = String(part);
    if (!/^[\p{L}\p{N}_$ -]{1,60}$/u.test(key)) return `${all}[${show(key)}]`;
    return all === "" ? key : `${all}.${key}`;
  }, path);
}

interface Context {
  readonly root: SchemaNode;
  readonly value: unknown;
  readonly path: string;
  readonly options: CheckOptions;
}

function explain(issue: Issue, above: Path, context: Context): Problem[] {
  const path = [...above, ...issue.path];
  const at = join(context.path, path);
  if (issue.code === "unrecognized_keys") {
    const { known } = locate(context, path);
    return issue.keys.map((key) => {
      const message = unknown(key, known, context);
      return { path: join(at, [key]), message, withoutValue: message };
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = nearest(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => explain(inner as Issue, path, context));
  }
  const { node, input } = locate(context, path);
  const expected = `expected ${allowed(node)}`;
  const withoutValue = input === undefined ? `is missing; ${expected}` : `is not allowed; ${expected}`;
  return [{ path: at, message: sentence(issue, withoutValue, input), withoutValue }];
}

function sentence(issue: Issue, withoutValue: string, input: unknown): string {
  // A schema's own messages stay as they are; zod's are for programmers.
  if (issue.message.search(/^(Invalid|Too) /) === -1) return issue.message;
  return input === undefined ? withoutValue : `${show(input)} ${withoutValue}`;
}

function unknown(key: string, known: readonly string[], { options }: Context): string {
  const meant = suggest(key, known) ?? suggest(key, options.elsewhere ?? []);
  return meant === undefined
    ? `is not a setting; allowed here: ${known.join(", ")}`
    : `is not a setting; did you mean \`${meant}\`?`;
}

/** Of a union's alternatives, the one that the value comes nearest to: it has the fewest problems, and none with the value as a whole. */
function nearest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === "invalid_type"))
    .toSorted((a, b) => a.length - b.length)[0];
}

/** What the schema says about a path, and what the value holds there. */
function locate({ root, value }: Context, path: Path): { node: SchemaNode; known: string[]; input: unknown } {
  let nodes = alternatives(root);
  let node = root;
  let input = value;
  for (const key of path) {
    const next = nodes.flatMap((candidate) => child(candidate, key) ?? []);
    node = next.length === 1 ? next[0]! : { anyOf: next };
    nodes = next.flatMap(alternatives);
    input = (input as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return { node, known: [...new Set(nodes.flatMap((each) => Object.keys(each.properties ?? {})))], input };
}

function child(node: SchemaNode, key: PropertyKey): SchemaNode | undefined {
  if (node.properties?.[String(key)]) return node.properties[String(key)];
  if (typeof key === "number") return node.items;
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}

/** The candidate that `word` most likely means: one that it abbreviates, or one that is a few slips away; undefined if none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 60) return undefined; // nobody's slip, and slow to compare
  const most = Math.max(1, Math.floor(word.length / 3));
  const scored = candidates
    .map((candidate) => ({ candidate, slips: slips(word.toLowerCase(), lastName(candidate).toLowerCase(), most) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips);
  return scored[0]?.candidate;
}

/** Edit distance, or any that is too large; except that an abbreviation such as `memory` for `memorySize` counts as one slip. */
function slips(word: string, name: string, most: number): number {
  if (word.length >= 4 && word !== name && name.startsWith(word)) return 1;
  if (Math.abs(word.length - name.length) > most) return most + 1;
  let row = Array.from({ length: name.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...word].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= name.length; column++) {
      const replaced = row[column - 1]! + (letter === name[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[name.length]!;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
