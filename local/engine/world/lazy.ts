/** Something that is started when it is first asked for, once, and stopped only if it was; once stopped, it stays so. */
export class Lazy<T> {
  readonly #start: () => Promise<T>;
  readonly #end: (started: T) => Promise<void>;
  #started: Promise<T> | undefined;
  #stopped = false;

  constructor(start: () => Promise<T>, end: (started: T) => Promise<void>) {
    this.#start = start;
    this.#end = end;
  }

  /** The running thing. */
  async get(): Promise<T> {
    if (this.#stopped) throw new Error("it has been stopped");
    this.#started ??= this.#start();
    return this.#started;
  }

  /** The running thing if it was ever asked for, and came up. */
  async ifStarted(): Promise<T | undefined> {
    return this.#started?.catch(() => undefined); // whoever asked for it was told why it did not start
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const started = await this.ifStarted();
    this.#started = undefined;
    if (started !== undefined) await this.#end(started);
  }
}
