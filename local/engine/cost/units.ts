/** What AWS bills of calls, in the steps in which it counts. */
export type Unit =
  | "firehoseSteps"
  | "sqsStandardRequests"
  | "sqsFifoRequests"
  | "writeUnits"
  | "readUnits"
  | "streamReads"
  | "s3Writes"
  | "s3Reads"
  | "snsPublishes";

/** How many of which units; one that is missing is none. */
export type Units = Readonly<Partial<Record<Unit, number>>>;

/** Two counts together. */
export function sumOfUnits(one: Units, other: Units): Units {
  const both: Partial<Record<Unit, number>> = { ...one };
  for (const [unit, count] of Object.entries(other) as [Unit, number][]) both[unit] = (both[unit] ?? 0) + count;
  return both;
}

/** How many steps something is billed as: at least one. */
export function steps(bytes: number, step: number): number {
  return Math.max(1, Math.ceil(bytes / step));
}

/** Numbers, added up. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** A value of a request or an answer that should be a list; an empty one where it is not. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
