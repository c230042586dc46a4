import { priceOf } from "./prices.ts";
import { sum, type Unit, type Units } from "./units.ts";

/** What one consumer has used. */
export interface Usage {
  readonly invocations: number;
  /** Time in the handler, all invocations together. */
  readonly milliseconds: number;
  readonly memoryMb: number;
  /** What its calls, and its mapping's, are billed as. */
  readonly units: Units;
  /** What the readers of the queues that it sends to are billed as. */
  readonly readers?: Units;
}

/** What that costs on AWS, in dollars. */
export interface ConsumerCost {
  readonly gbSeconds: number;
  /** Invocations and their time. */
  readonly lambda: number;
  /** Calls by the function and its mapping. */
  readonly calls: number;
  /** Receiving and deleting the messages that it sent. */
  readonly readers: number;
  readonly total: number;
}

/** What a consumer's use costs on AWS. */
export function consumerCost(usage: Usage): ConsumerCost {
  const gbSeconds = (usage.milliseconds / 1000) * (usage.memoryMb / 1024);
  const lambda = priceOf("lambdaRequests", usage.invocations) + priceOf("lambdaGbSeconds", gbSeconds);
  const [calls, readers] = [costOfUnits(usage.units), costOfUnits(usage.readers ?? {})];
  return { gbSeconds, lambda, calls, readers, total: lambda + calls + readers };
}

/**
 * What the readers of a queue are billed as: they receive as many messages at a time as were sent at a time, which SQS bills
 * like the sending, and delete them by one request.
 * @param units what sending was billed as
 * @param calls by how many calls
 */
export function readersOf(units: Units, calls: number): Units {
  const { sqsFifoRequests: fifo, sqsStandardRequests: standard } = units;
  return {
    ...(fifo === undefined ? {} : { sqsFifoRequests: fifo + calls }),
    ...(standard === undefined ? {} : { sqsStandardRequests: standard + calls }),
  };
}

function costOfUnits(units: Units): number {
  return sum((Object.entries(units) as [Unit, number][]).map(([unit, count]) => priceOf(unit, count)));
}

/** A warehouse of Redshift Serverless, and how often a delivery stream loads into it at most. */
export interface Loading {
  readonly rpu: number;
  /** Seconds that the stream gathers for a load. */
  readonly interval: number;
}

/** Redshift Serverless bills whatever it does for at least so long. */
const leastSeconds = 60;
const day = 86_400;

/** What loads of so many seconds of changes cost at least, in dollars: one for each interval that has begun. Slower loads cost more, and so do queries. */
export function loadCost({ rpu, interval }: Loading, seconds: number): { loads: number; dollars: number } {
  const loads = Math.max(1, Math.ceil(seconds / Math.max(interval, leastSeconds)));
  return { loads, dollars: priceOf("redshiftRpuHours", (loads * leastSeconds * rpu) / 3600) };
}

/** What loads cost at least in a day through which changes come all the time, in dollars. */
export function loadCostOfDay(loading: Loading): number {
  return loadCost(loading, day).dollars;
}
