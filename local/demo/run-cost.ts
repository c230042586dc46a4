import type { Outputs } from "../../operate/stack/outputs.ts";
import {
  type ConsumerCost,
  consumerCost,
  type Loading,
  loadCost,
  loadCostOfDay,
  readersOf,
} from "../engine/cost/cost.ts";
import { sum, sumOfUnits, type Units } from "../engine/cost/units.ts";
import type { Engine } from "../engine/engine.ts";
import type { Meter } from "../engine/gateway/meters.ts";

/** What one consumer would have cost on AWS. */
export interface ConsumerBill extends ConsumerCost {
  /** What it feeds. */
  readonly destinations: readonly string[];
  readonly invocations: number;
  readonly milliseconds: number;
  readonly memoryMb: number;
  /** What is billed of calls, those of the readers of its queues included. */
  readonly units: Units;
  /** What a million changes cost if they are like those of the run. */
  readonly perMillion: number;
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
  readonly perMillion: number;
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
  const named = Object.entries(destinations).map(([name, { function: feeder }]) => ({ name, feeder }));
  const consumers = [...Map.groupBy(named, ({ feeder }) => feeder)].map(([feeder, fed]) =>
    billOf(
      engine,
      feeder,
      fed.map(({ name }) => name),
      changes,
    ),
  );
  const total = sum(consumers.map((consumer) => consumer.total));
  const loads = named.flatMap(({ name, feeder }) => {
    const loading = loadingOf(engine, feeder, name);
    if (loading === undefined) return [];
    return [{ destination: name, ...loading, ...loadCost(loading, seconds), perDay: loadCostOfDay(loading) }];
  });
  return { consumers, total, perMillion: perMillion(total, changes), loads };
}

function billOf(engine: Engine, feeder: string, destinations: readonly string[], changes: number): ConsumerBill {
  const { stats, memoryMb } = engine.functions.get(feeder)!;
  const { invocations, milliseconds } = stats;
  // The mapping calls in the function's name: it reads the stream, for nothing, and fills the failure queue.
  const meters = engine.meters().filter(({ caller }) => caller.name === feeder);
  const units = meters.map((meter) => meter.units).reduce(sumOfUnits, {});
  const readers = meters.filter(sends).map((meter) => readersOf(meter.units, meter.calls));
  const read = readers.reduce(sumOfUnits, {});
  const cost = consumerCost({ invocations, milliseconds, memoryMb, units, readers: read });
  return {
    destinations,
    invocations,
    milliseconds,
    memoryMb,
    units: sumOfUnits(units, read),
    ...cost,
    perMillion: perMillion(cost.total, changes),
  };
}

/** Whether these calls fill a queue that somebody reads; the failure queue is a person's. */
function sends({ caller, service, operation }: Meter): boolean {
  return caller.kind === "function" && service === "sqs" && operation.startsWith("SendMessage");
}

/** How a destination's warehouse is loaded, if it is one of Redshift Serverless that the program made. */
function loadingOf({ functions, firehose, workgroups }: Engine, feeder: string, destination: string) {
  const { DESTINATIONS = "{}" } = functions.get(feeder)!.environment;
  const { deliveryStreamName } = JSON.parse(DESTINATIONS)[destination]?.settings ?? {};
  if (firehose === undefined || deliveryStreamName === undefined) return undefined;
  const { clusterJdbcurl, s3Configuration } = firehose.inputs(deliveryStreamName).redshiftConfiguration;
  const workgroup = workgroups.get(/\/\/([^:/]+)/.exec(clusterJdbcurl)?.[1] ?? "");
  if (workgroup === undefined) return undefined;
  return { rpu: workgroup.baseCapacity ?? awsDefaultRpu, interval: s3Configuration.bufferingInterval };
}

/** https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html */
const awsDefaultRpu = 128;

function perMillion(dollars: number, changes: number): number {
  return changes === 0 ? 0 : (dollars / changes) * 1_000_000;
}
