import { priceOf } from "./prices.ts";

/** A warehouse of Redshift Serverless, and how often a delivery stream loads into it at most. */
export interface Loading {
  readonly rpu: number;
  /** Seconds that the stream gathers for a load. */
  readonly interval: number;
}

/** The least that Redshift Serverless bills of anything. */
const leastSeconds = 60;
const day = 86_400;

/** What loads of so many seconds of changes cost at the least, in dollars: one for each interval that has begun. Slower loads cost more, and so do queries. */
export function loadCost({ rpu, interval }: Loading, seconds: number): { loads: number; dollars: number } {
  const loads = Math.max(1, Math.ceil(seconds / Math.max(interval, leastSeconds)));
  return { loads, dollars: priceOf("redshiftRpuHours", (loads * leastSeconds * rpu) / 3600) };
}

/** What loads cost at the least in a day through which changes come all the time, in dollars. */
export function loadCostOfDay(loading: Loading): number {
  return loadCost(loading, day).dollars;
}
