import type { MappingOptions } from "./options.ts";

/** What goes wrong with a mapping: problems that it goes on with, and at the most one failure, which ends it. */
export class Problems {
  /** Rejects with the failure. */
  readonly failed: Promise<never>;
  readonly #options: Pick<MappingOptions, "uuid" | "functionArn" | "onProblem">;
  readonly #failing = Promise.withResolvers<never>();
  #failure: Error | undefined;

  constructor(options: Pick<MappingOptions, "uuid" | "functionArn" | "onProblem">) {
    this.#options = options;
    this.failed = this.#failing.promise;
    this.failed.catch(() => {}); // without anybody waiting for it, it is no unhandled rejection
  }

  /** The mapping's name in messages. */
  get name(): string {
    return `The event source mapping ${this.#options.uuid} of ${this.#options.functionArn}`;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Reports a problem. */
  report(what: string, cause?: unknown): void {
    this.#notify(new Error(`${this.name} ${what}${cause === undefined ? "" : `: ${reason(cause)}`}`, { cause }));
  }

  /** Notes the failure and reports it, if it is the first. */
  fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = new Error(`${this.name} failed: ${reason(cause)}`, { cause });
    this.#failing.reject(this.#failure);
    this.#notify(this.#failure);
  }

  #notify(problem: Error): void {
    if (this.#options.onProblem) this.#options.onProblem(problem);
    else console.error(problem.message);
  }
}

/** An error in one line. */
export function reason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
