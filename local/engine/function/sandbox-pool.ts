import type { Sandbox } from "./sandbox.ts";

/** The execution environments of one function: each serves one invocation at a time, then waits for the next. */
export class SandboxPool {
  readonly #start: () => Sandbox;
  readonly #idle: Sandbox[] = [];
  readonly #all = new Set<Sandbox>();
  /** Those that were started before the last `renew`. */
  #outdated = new WeakSet<Sandbox>();
  #stopped = false;

  constructor(start: () => Sandbox) {
    this.#start = start;
  }

  /** One for an invocation: one that waits, or else a new one. To be given back by `release`. */
  take(): Sandbox {
    const idle = this.takeIdle();
    if (idle !== undefined) return idle;
    const started = this.#start();
    this.#all.add(started);
    return started;
  }

  /** One that waits; undefined if there is none. */
  takeIdle(): Sandbox | undefined {
    for (let sandbox = this.#idle.pop(); sandbox !== undefined; sandbox = this.#idle.pop()) {
      if (sandbox.usable) return sandbox;
      this.#all.delete(sandbox); // it crashed between two invocations
    }
    return undefined;
  }

  /** Takes one back after its invocation. */
  async release(sandbox: Sandbox): Promise<void> {
    if (sandbox.usable && !this.#stopped && !this.#outdated.has(sandbox)) {
      this.#idle.push(sandbox);
      return;
    }
    this.#all.delete(sandbox);
    if (sandbox.usable && !this.#stopped) await sandbox.stop();
  }

  /** Ends one, whatever it is doing. */
  async end(sandbox: Sandbox): Promise<void> {
    await sandbox.stop();
    this.#all.delete(sandbox);
  }

  /** Replaces them: those that wait end at once, and those that serve an invocation after it. */
  async renew(): Promise<void> {
    this.#outdated = new WeakSet(this.#all);
    await Promise.all(this.#idle.splice(0).map((sandbox) => this.end(sandbox)));
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#all].map((sandbox) => sandbox.stop()));
    this.#all.clear();
    this.#idle.length = 0;
  }
}
