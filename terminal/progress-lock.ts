/** Where the lock says who writes, and which step is shown. */
const [writer, shown] = [0, 1];

/** A lock that two threads share, so that a line that has ended is never drawn over. */
export function newLock(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** Does something while the other thread writes nothing. */
export function locked<T>(lock: Int32Array, work: () => T): T {
  while (Atomics.compareExchange(lock, writer, 0, 1) !== 0) Atomics.wait(lock, writer, 1);
  try {
    return work();
  } finally {
    Atomics.store(lock, writer, 0);
    Atomics.notify(lock, writer);
  }
}

/** Says which step is shown from now on; 0 is none. */
export function setCurrent(lock: Int32Array, step: number): void {
  Atomics.store(lock, shown, step);
}

/** Whether a step is still to be shown: what is known of it may have come late. */
export function isCurrent(lock: Int32Array, step: number): boolean {
  return Atomics.load(lock, shown) === step;
}
