import type { KindName } from "../../infra/kinds.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { type ConsumerCost, consumerCost, type Loading, loadCost, loadCostOfDay } from "../engine/cost/cost.ts";
import { sum, sumOfUnits, type Units } from "../engine/cost/units.ts";
import type { Engine } from "../engine/engine.ts";
import type { Meter } from "../engine/gateway/meters.ts";
import { kinds } from "../kinds.ts";
import { connections } from "./verifiable-stack.ts";

/** What one consumer would have cost on AWS. */
export interface ConsumerBill extends ConsumerCost {
  /** What it feeds. */
  readonly destinations: readonly string[];
  readonly invocations: number;
  readonly milliseconds: number;
  readonly memoryMb: number;
  /** What is billed of calls, those of the readers of its queues included. */
  readonly units: Units;
  /** What a million changes cost if they are like those of the run; absent where they were too few to say. */
  readonly perMillion?: number;
}

/** What a delivery stream's loads cost a warehouse that bills by time. */
export interface LoadBill extends Loading {
  readonly destination: string;
  /** How many loads AWS would have needed for the run, at the least. */
  readonly loads: number;
  readonly dollars: number;
  /** With changes all day. */
  readonly perDay: number;
}

/** What a run would have cost on AWS, in dollars, and what is like it. */
export interface RunCost {
  readonly consumers: readonly ConsumerBill[];
  /** All consumers. */
  readonly total: number;
  /** As of each consumer. */
  readonly perMillion?: number;
  /** Apart from the total, because it grows with time and not with changes. */
  readonly loads: readonly LoadBill[];
}

/** What was run: so many changes, in so many seconds. */
export interface Run {
  readonly changes: number;
  readonly seconds: number;
}

/** What the run would have cost on AWS; to be called when all is delivered. */
export function runCost(engine: Engine, { destinations }: Outputs, { changes, seconds }: Run): RunCost {
  const all = Object.entries(destinations).map(([name, { function: functionName }]) => {
    return { name, functionName, ...connections(engine, functionName)[name]! };
  });
  const byFunction = Map.groupBy(all, ({ functionName }) => functionName);
  const consumers = [...byFunction].map(([name, together]) => billOf(engine, name, together, changes));
  const total = sum(consumers.map((consumer) => consumer.total));
  const loads = all.flatMap(({ name, kind, settings }) => {
    const loading = kinds[kind].loading?.(engine, settings);
    if (loading === undefined) return [];
    return [{ destination: name, ...loading, ...loadCost(loading, seconds), perDay: loadCostOfDay(loading) }];
  });
  return { consumers, total, ...perMillion(total, changes), loads };
}

/** A destination of a consumer. */
interface Named {
  readonly name: string;
  readonly kind: KindName;
}

function billOf(engine: Engine, functionName: string, destinations: readonly Named[], changes: number): ConsumerBill {
  const { stats, memoryMb } = engine.functions.get(functionName)!;
  const { invocations, milliseconds } = stats;
  // The mapping calls in the function's name: it reads the stream, for nothing, and fills the failure queue.
  const meters = engine.meters().filter(({ caller }) => caller.name === functionName);
  const units = meters.map((meter) => meter.units).reduce(sumOfUnits, {});
  const read = readersUnits(meters, new Set(destinations.map(({ kind }) => kind)));
  const cost = consumerCost({ invocations, milliseconds, memoryMb, units, readers: read });
  return {
    destinations: destinations.map(({ name }) => name),
    invocations,
    milliseconds,
    memoryMb,
    units: sumOfUnits(units, read),
    ...cost,
    ...perMillion(cost.total, changes),
  };
}

/** What is billed to those who read what the function itself sent; the failure queue, which its mapping fills, is a person's. */
function readersUnits(meters: readonly Readonly<Meter>[], destinationKinds: ReadonlySet<KindName>): Units {
  const own = meters.filter(({ caller }) => caller.kind === "function");
  return [...destinationKinds]
    .flatMap((kind) => own.map((meter) => kinds[kind].readers?.(meter) ?? {}))
    .reduce(sumOfUnits, {});
}

/**
 * So many changes are like a million. Of fewer, the demo's few large items and the first invocations, which are slow, make up
 * too large a part.
 */
export const enoughChanges = 1_000;

function perMillion(dollars: number, changes: number): Pick<RunCost, "perMillion"> {
  return changes < enoughChanges ? {} : { perMillion: (dollars / changes) * 1_000_000 };
}
