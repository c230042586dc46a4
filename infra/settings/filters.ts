import { z } from "zod";
import { compilePattern, InvalidPattern } from "../filters/pattern.ts";
import { filterable } from "../filters/record.ts";
import { isObject } from "../is-object.ts";
import { type Problem, show } from "./check.ts";
import { deepest, isTooDeep } from "./nesting.ts";

/** What a pattern may have at its top. The other fields of a record, such as `eventSource`, cannot be filtered on. */
const matchable = [...filterable, "$or"];
const longest = 4096;

/** Up to five event filter patterns; a change that matches any of them is delivered. */
export const filtersSchema = z
  .array(z.union([z.string(), z.record(z.string(), z.unknown())]).meta({ allowed: "an event filter pattern" }))
  .max(5)
  .describe(
    "Event filter patterns, as YAML or JSON text; a change is delivered if it matches one. Top-level keys: `dynamodb`, `eventName`, `userIdentity`, `$or`. A pattern on `NewImage` drops every delete. A pattern with a part that can never match is refused.",
  );

/**
 * The patterns as JSON text, and what Lambda would refuse about them. What is neither text nor an object is
 * passed over: the schema has refused it.
 */
export function readFilters(
  filters: readonly unknown[],
  path: string,
): { patterns: readonly string[]; problems: readonly Problem[] } {
  const read = filters.flatMap((filter, index) =>
    typeof filter === "string" || isObject(filter) ? readFilter(filter, `${path}[${index}]`) : [],
  );
  return { patterns: read.map(({ pattern }) => pattern), problems: read.flatMap(({ problems }) => problems) };
}

function readFilter(filter: string | Record<string, unknown>, path: string): { pattern: string; problems: Problem[] } {
  const rule = typeof filter === "string" ? parse(filter) : filter;
  if (!isObject(rule))
    return {
      pattern: "",
      problems: [
        { path, message: `${show(filter)} is not a JSON object; expected a pattern such as {"eventName":["INSERT"]}` },
      ],
    };
  if (isTooDeep(rule))
    return {
      pattern: "",
      problems: [{ path, message: `is nested more than ${deepest} levels deep, as no item can be` }],
    };
  const pattern = JSON.stringify(rule);
  const problems = Object.keys(rule)
    .filter((key) => !matchable.includes(key))
    .map((key) => ({
      path: `${path}.${key}`,
      message: `cannot be filtered on; allowed at the top of a pattern: ${matchable.join(", ")}`,
    }));
  problems.push(...bareValues(rule, path));
  if (pattern.length > longest)
    problems.push({ path, message: `the pattern has ${pattern.length} characters; expected at most ${longest}` });
  if (problems.length === 0) problems.push(...refused(typeof filter === "string" ? filter : pattern, path));
  return { pattern, problems };
}

/** What else Lambda would refuse. It does so only when the mapping is created, when much of the stack exists already. */
function refused(pattern: string, path: string): Problem[] {
  try {
    compilePattern(pattern);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    return [{ path, message: `is no event filter pattern: ${error.reason}` }];
  }
}

/** Lambda takes lists only: `{"eventName": "INSERT"}` is refused while the mapping is being made. */
function bareValues(rule: Record<string, unknown>, path: string): Problem[] {
  return Object.entries(rule).flatMap(([key, value]) => {
    if (Array.isArray(value)) return [];
    if (isObject(value)) return bareValues(value, `${path}.${key}`);
    return [{ path: `${path}.${key}`, message: `${show(value)} is not a list; expected ${show([value])}` }];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
