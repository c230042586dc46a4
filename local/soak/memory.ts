/** Watches how much memory this process holds, its functions' threads and its emulators but DynamoDB Local included. */
export class Memory {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;
  #largest = 0;

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

  /** The most bytes of all. */
  get largest(): number {
    return this.#largest;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const { rss } = process.memoryUsage();
    this.#peak = Math.max(this.#peak, rss);
    this.#largest = Math.max(this.#largest, rss);
  }
}
