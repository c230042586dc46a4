const first = 250;
const longest = 60_000;
const jitter = 0.25;

/**
 * How long to wait, in milliseconds, before the same records are tried again: 0.25 s, doubling, up to a minute, plus up to a
 * quarter at random. Lambda waits too but does not document how long; this curve gives what was recorded on AWS: a
 * record that always fails is invoked 8 times in the 60 seconds before it expires.
 * @param failures invocations in a row that did not succeed, from 1
 * @param random 0 to 1
 */
export function backoff(failures: number, random: number = Math.random()): number {
  return Math.min(first * 2 ** (failures - 1), longest) * (1 + jitter * random);
}
