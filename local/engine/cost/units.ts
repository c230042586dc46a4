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
  const sum: Partial<Record<Unit, number>> = { ...one };
  for (const [unit, count] of Object.entries(other) as [Unit, number][]) sum[unit] = (sum[unit] ?? 0) + count;
  return sum;
}

/** How many steps something is billed as, at the least one. */
export function steps(bytes: number, step: number): number {
  return Math.max(1, Math.ceil(bytes / step));
}
