import { idleAlternatives } from "../filters/alternatives.ts";
import { matchEverything } from "../filters/always.ts";
import { droppedDeletes } from "../filters/deletes.ts";
import { demandsOf, TooManyCombinations } from "../filters/demands.ts";
import { type Misfit, misfits } from "../filters/misfits.ts";
import type { StreamFacts } from "../filters/record.ts";
import { whyNoneMatches } from "../filters/witness.ts";
import { type Problem, show, suggest } from "./check.ts";

export type { StreamFacts };

type Pattern = Readonly<Record<string, unknown>>;

/**
 * What is wrong with patterns that Lambda accepts, because of what the stream's records can be: a part that can never match
 * is a problem, and so is one that always does without saying so. That all of them together filter nothing is a warning.
 * @param patterns event filter patterns as JSON text
 */
export function unfitFilters(
  patterns: readonly string[],
  path: string,
  facts: StreamFacts,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const parsed = patterns.map((pattern) => JSON.parse(pattern) as Pattern);
  const problems = parsed.flatMap((pattern, index) => unfit(pattern, `${path}[${index}]`, facts));
  if (problems.length > 0 || parsed.length === 0 || !matchEverything(parsed, facts)) return { problems, warnings: [] };
  const message =
    "every change matches, so that nothing is filtered; leave the filters out, or say what is to be left out";
  return { problems, warnings: [{ path, message }] };
}

/**
 * Where patterns keep deletes from a destination that gets other changes of the same items.
 * @param patterns event filter patterns as JSON text
 * @param effect what that comes to, as half a sentence
 */
export function missedDeletes(
  patterns: readonly string[],
  path: string,
  facts: StreamFacts,
  effect: string,
): readonly Problem[] {
  const dropped = droppedDeletes(
    patterns.map((pattern) => JSON.parse(pattern)),
    facts,
  );
  if (dropped === "none") return [];
  const what = dropped === "all" ? "no pattern lets a delete through" : "some deletes match no pattern";
  return [{ path, message: `${what}, so ${effect}; add a pattern for them, such as {"eventName":["REMOVE"]}` }];
}

function unfit(pattern: Pattern, path: string, facts: StreamFacts): readonly Problem[] {
  const found = misfits(pattern, facts).map((misfit) => problemOf(misfit, path));
  if (found.length > 0) return found;
  try {
    const why = whyNoneMatches(pattern, facts);
    if (why !== undefined) return [{ path, message: `can never match: ${why.join("; ")}` }];
    return idle(pattern, path, facts);
  } catch (error) {
    if (error instanceof TooManyCombinations) return [{ path, message: error.message }];
    throw error;
  }
}

/** So many times may a demand be held against the forms of records: for a pattern of ordinary size far more than enough. */
const mostSteps = 20_000;

function idle(pattern: Pattern, path: string, facts: StreamFacts): readonly Problem[] {
  const problems: Problem[] = [];
  const demands = demandsOf(pattern).length;
  let steps = 0;
  idleAlternatives(pattern, (alone, alternative) => {
    steps += demands;
    const why = steps > mostSteps ? undefined : whyNoneMatches(alone, facts);
    if (why === undefined) return false;
    const message = `${show(alternative.value)} can never match here: ${why.join("; ")}`;
    problems.push({ path: at(path, alternative.path), message });
    return true;
  });
  return problems;
}

function problemOf({ path, subject, clause, known }: Misfit, root: string): Problem {
  const [name] = path.slice(-1);
  const meant = known === undefined ? undefined : suggest(String(name), known);
  const wayOut =
    known === undefined
      ? ""
      : meant === undefined
        ? `; expected one of ${known.join(", ")}`
        : `; did you mean \`${meant}\`?`;
  const about = subject === undefined ? "" : `${show(subject)} `;
  return { path: at(root, path), message: `${about}${clause}${wayOut}` };
}

function at(root: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((all, part) => (typeof part === "number" ? `${all}[${part}]` : `${all}.${part}`), root);
}
