import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../terminal/user-error.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { TestProcess } from "./process.ts";
import type { Task, Verdict } from "./task.ts";
import { root, testFilesOf } from "./test-files.ts";
import { typesRefuse } from "./types.ts";

/** What became of a file's mutants. */
export interface FileResult {
  readonly file: string;
  readonly tests: number;
  /** Seen by a failing test. */
  readonly failed: number;
  /** Seen by tests that do not end. */
  readonly endless: number;
  /** Seen by no test, but refused by the check of types, which `npm test` begins with. */
  readonly refused: number;
  readonly survivors: readonly Mutant[];
}

/** How the run goes. */
export interface Options {
  /** Processes at a time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, all: number, survivors: number) => void;
}

/** Milliseconds beyond the usual, which other processes may take. */
const slack = 4_000;

/** Tests every mutant of a file, with the tests that import the file. */
export async function mutateFile(file: string, { jobs, signal, onProgress }: Options): Promise<FileResult> {
  const original = readFileSync(join(root, file), "utf8");
  const tests = testFilesOf(file);
  const mutants = mutantsOf(original);
  const counts = { failed: 0, endless: 0, refused: 0 };
  const survivors: Mutant[] = [];
  if (tests.length === 0) return { file, tests: 0, ...counts, survivors: mutants };

  const processes = Array.from({ length: Math.min(jobs, mutants.length) || 1 }, () => new TestProcess());
  try {
    const { limit, testLimit } = await limitsOf(
      { file, text: original, tests, testLimit: 60_000 },
      processes[0]!,
      signal,
    );
    const left = mutants.values();
    let done = 0;
    const work = async (process: TestProcess) => {
      for (const mutant of left) {
        const verdict = await verdictOf(process, { file, text: mutant.text, tests, testLimit }, limit, signal);
        if (verdict === "endless") counts.endless += 1;
        else if (verdict.failed !== null) counts.failed += 1;
        else if (!verdict.isProgram || typesRefuse(file, mutant.text)) counts.refused += 1;
        else survivors.push(mutant);
        done += 1;
        onProgress(done, mutants.length, survivors.length);
      }
    };
    await Promise.all(processes.map(work));
  } finally {
    for (const process of processes) process.end();
  }
  return { file, tests: tests.length, ...counts, survivors: survivors.toSorted((a, b) => a.line - b.line) };
}

/** How long a run and a test may take, from how long they take without a mutant, which has to pass. */
async function limitsOf(task: Task, process: TestProcess, signal: AbortSignal) {
  await passing(); // loads the packages, which later runs share
  const began = performance.now();
  const { longest } = await passing();
  const usual = performance.now() - began;
  return { limit: slack + 6 * usual, testLimit: slack / 2 + 6 * longest };

  async function passing(): Promise<Verdict> {
    const verdict = await process.run(task, 300_000, signal);
    if (verdict !== "endless" && verdict.failed === null) return verdict;
    const what = verdict === "endless" ? "its tests do not end" : `its tests fail: ${verdict.failed}`;
    throw new UserError(`${task.file}: without a mutant ${what}. Mend that first.`);
  }
}

/** What an earlier run has left behind kills no mutant: such a verdict is only taken from a new process. */
async function verdictOf(process: TestProcess, task: Task, limit: number, signal: AbortSignal) {
  const wasFresh = process.isFresh;
  const verdict = await process.run(task, limit, signal);
  if (verdict === "endless" || verdict.failed === null || !verdict.uncaught || wasFresh) return verdict;
  process.end();
  return process.run(task, limit + slack, signal);
}
