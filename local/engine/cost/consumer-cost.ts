import { priceOf } from "./prices.ts";
import { sum } from "./sum.ts";
import type { Unit, Units } from "./units.ts";

/** What one consumer has used. */
export interface Usage {
  readonly invocations: number;
  /** Time in the handler, all invocations together. */
  readonly milliseconds: number;
  readonly memoryMb: number;
  /** What its calls, and its mapping's, are billed as. */
  readonly units: Units;
  /** What those are billed as who read the queues that it sends to. */
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
