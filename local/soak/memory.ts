/** Watches how much memory this process holds, its functions' threads and its emulators but DynamoDB Local included. */
export class Memory {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), 100);
    this.#sample();
  }

  /** The most bytes since this was last asked. */
  peak(): number {
    this.#sample();
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}

/** In the first rounds, code is compiled and the heaps of all threads grow to the size that a round needs. */
const warmUp = 4;
/** Later rounds may need so much more, in bytes: a leak of 3 KB a change would show in a soak of 200,000. */
const tolerance = 400 * 1024 * 1024;

/** Whether memory went on growing after the first rounds. */
export function memoryProblems(rounds: readonly { readonly memory: number }[]): string[] {
  const first = Math.max(0, ...rounds.slice(0, warmUp).map(({ memory }) => memory));
  const most = Math.max(0, ...rounds.slice(warmUp).map(({ memory }) => memory));
  if (most <= first + tolerance) return [];
  const [before, after] = [first, most].map((bytes) => Math.round(bytes / 1024 / 1024));
  return [`memory grew from ${before} MiB in the first ${warmUp} rounds to ${after} MiB`];
}
