import { globSync } from "node:fs";
import { join } from "node:path";
import { importsOf } from "../support/imports.ts";

export const root = join(import.meta.dirname, "../..");

/** What `npm run mutate` is about: what runs in Lambda, and what the mapping decides. */
const subjects = [
  "handlers/**/*.ts",
  "local/engine/mapping/{checkpoint,decide,deliver,gather,give-up,retry}.ts",
  "local/engine/mapping/windows/*.ts",
];

/** Where tests are that may see a mistake in them, without those of the whole engine, which take minutes. */
const tests = ["test/handlers/**/*.test.ts", "test/local/engine/mapping/**/*.test.ts"];

/** Whoever imports one of these starts something; such a test only runs for the handlers of its own room. */
const emulators = new Set(["fauxqs", "@electric-sql/pglite", "test/support/common.ts"]);

/** All files that are mutated, from the repository's root. */
export function subjectFiles(): readonly string[] {
  return globSync(subjects, { cwd: root }).toSorted();
}

/** The test files that import a file, those first that are nearest to it. */
export function testFilesOf(file: string): readonly string[] {
  const room = (path: string) => path.split("/").slice(0, 2).join("/");
  return globSync(tests, { cwd: root })
    .toSorted()
    .flatMap((test) => {
      const distances = distancesFrom(test);
      const distance = distances.get(file);
      if (distance === undefined) return [];
      const starts = [...emulators].some((one) => distances.has(one));
      if (starts && (!file.startsWith("handlers/") || room(test.slice("test/".length)) !== room(file))) return [];
      return [{ test, distance: distance + (starts ? 100 : 0) }];
    })
    .toSorted((one, other) => one.distance - other.distance)
    .map(({ test }) => test);
}

/** What a file imports for its running, directly or not, and over how many others. */
function distancesFrom(file: string): ReadonlyMap<string, number> {
  const distances = new Map([[file, 0]]);
  for (const [one, distance] of distances)
    for (const { to, typeOnly } of runningImports(one))
      if (!typeOnly && !distances.has(to)) distances.set(to, distance + 1);
  return distances;
}

const known = new Map<string, ReturnType<typeof importsOf>>();

function runningImports(file: string): ReturnType<typeof importsOf> {
  if (!file.endsWith(".ts")) return [];
  if (!known.has(file)) known.set(file, importsOf(file));
  return known.get(file)!;
}
