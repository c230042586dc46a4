/** Somebody pressed Ctrl-C, or the system asked for an end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Interrupted.");
  }
}

/** The exit code of what was interrupted: 128 + SIGINT, as shells say it. */
export const interruptedExit = 130;

/** A signal that comes within so many milliseconds of the first one is an echo of it. */
const echo = 1000;

/** The part of `process` that is used. */
export interface SignalTarget {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
}

/**
 * Listens for the signals that ask for an end. The first one aborts the signal that is returned, so that everything is cleaned
 * up. A later one ends the process at once, by `exit`, so that children are killed all the same. One that follows within a
 * second counts as the same: npm passes on the Ctrl-C that the terminal has already sent.
 * @param now milliseconds
 */
export function interruption(target: SignalTarget, now: () => number = () => performance.now()): AbortSignal {
  const interrupt = new AbortController();
  let first: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    target.on(signal, () => {
      if (first === undefined) {
        first = now();
        interrupt.abort(new Interrupted());
      } else if (now() - first >= echo) target.exit(interruptedExit);
    });
  }
  return interrupt.signal;
}
