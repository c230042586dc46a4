/** What a process that tests mutants is told. */
export interface Task {
  readonly file: string;
  /** What stands in the file instead. */
  readonly text: string;
  readonly tests: readonly string[];
  /** How long a test may take that says nothing else, in milliseconds. */
  readonly testLimit: number;
}

/** What it answers. */
export interface Verdict {
  /** The first test that failed, or why none could be run; null if all passed. */
  readonly failed: string | null;
  /** Whether the text can be run at all. */
  readonly isProgram: boolean;
  /** Whether something was thrown that no test waited for. */
  readonly uncaught: boolean;
  /** Milliseconds of the longest test. */
  readonly longest: number;
}
