import type { Outputs } from "../../operate/stack/outputs.ts";
import { type FailedChanges, failedChanges } from "../../operate/verify/failed-changes.ts";
import { type Inbox, inbox } from "../../operate/verify/inbox.ts";
import { replay } from "../../operate/verify/replay.ts";
import { type Items, itemsOf, keySchemaOf } from "../../operate/verify/source-items.ts";
import { type StreamChange, streamChanges } from "../../operate/verify/stream-changes.ts";
import { verificationOf } from "../../operate/verify/verification.ts";
import type { Engine } from "../engine/engine.ts";
import { connections, refusesLongString } from "./mend.ts";
import type { KeyAttribute } from "./workload.ts";

/** What is known of one destination at the end. */
export interface Checked {
  readonly name: string;
  readonly kind: string;
  /** The function that feeds it; who shares one has its figures in common. */
  readonly function: string;
  /** How many changes should have arrived: those of the stream that the filters let through. */
  readonly changes: number;
  readonly arrived: string;
  readonly batches: number;
  readonly invocations: number;
  /** Calls of AWS operations by the function that feeds it. */
  readonly calls: Readonly<Record<string, number>>;
  /** The longest time from reading a change off the stream to having settled it, in milliseconds. */
  readonly lag: number;
  readonly failureMessages: number;
  /** Whether the change that some destinations refuse lies in its failure queue. */
  readonly refusedWaits: boolean;
  readonly problems: readonly string[];
}

/** What the destinations are compared with. */
interface Known {
  readonly changes: readonly StreamChange[];
  readonly source: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** What lies in the failure queues, by their URLs: destinations with a common consumer have one between them. */
  readonly failures: ReadonlyMap<string, FailedChanges>;
  /** The key hash of the item that some destinations refuse, if one was written. */
  readonly refused: string | undefined;
  readonly take: Inbox;
}

/** How the destinations are checked. */
export interface CheckOptions {
  /** The key hash of the item that some destinations must refuse. @default none was written */
  readonly refused?: string | undefined;
  /** Takes the messages off the queues; the same one for a second check of the same queues. @default one of its own */
  readonly take?: Inbox;
}

/**
 * Verifies every destination against the source's stream and items, and gathers the figures of what feeds it. Takes the messages off
 * the queues that are destinations; to be called when all is delivered.
 */
export async function checkDestinations(
  engine: Engine,
  outputs: Outputs,
  options: CheckOptions = {},
): Promise<Checked[]> {
  const { dynamodb, streams, sqs } = engine.clients;
  const { refused, take = inbox(sqs) } = options;
  const [reader] = engine.mappings.values();
  if (reader === undefined) throw new Error("the program has no mapping, so there is nothing to verify");
  const keySchema = await keySchemaOf(dynamodb, outputs.table);
  const source = await itemsOf(dynamodb, outputs.table, keySchema);
  const changes = await streamChanges(streams, reader.streamArn);
  const queues = Object.values(outputs.destinations).map(({ failureQueue }) => failureQueue);
  const failures = await failedChanges(queues, sqs, changes);
  const known: Known = { changes, source, keySchema, failures, refused, take };
  return Promise.all(Object.keys(outputs.destinations).map((name) => checkDestination(engine, outputs, name, known)));
}

async function checkDestination(engine: Engine, { destinations }: Outputs, name: string, known: Known) {
  const { kind, sink, ...consumer } = destinations[name]!;
  const { keySchema, source, refused, take } = known;
  const { mapping } = engine.mappings.get(consumer.mapping)!;
  const failed = known.failures.get(consumer.failureQueue)!;
  const changes = known.changes.filter(({ record }) => mapping.passes(record));
  // Without filters the source itself says what the changes should have led to.
  const items = changes.length === known.changes.length ? source : replay(changes).items;
  const { settings } = connections(engine, consumer.function)[name]!;
  const { verify } = await verificationOf(kind);
  const { arrived, problems } = await verify({ engine, sink, settings, changes, items, keySchema, failed, take });
  const isToWait =
    refused !== undefined &&
    changes.some(({ keyHash }) => keyHash === refused) &&
    (await refusesLongString(engine, consumer.function));
  const { stats } = mapping;
  return {
    name,
    kind,
    function: consumer.function,
    changes: changes.length,
    arrived,
    batches: stats.batches,
    invocations: stats.invocations,
    calls: callsOf(engine, consumer.function),
    lag: stats.lag.max,
    failureMessages: failed.messages,
    refusedWaits: refused !== undefined && failed.keys.has(refused),
    problems: [
      ...(source.size === 0 ? ["the source has no items, so there is nothing to compare with"] : []),
      ...failureQueueProblems(failed.keys, isToWait ? [refused] : []),
      ...problems,
    ],
  };
}

/** In the failure queue lie the changes that had to be refused, and no others. */
function failureQueueProblems(failed: ReadonlySet<string>, expected: readonly string[]): string[] {
  const missing = expected.filter((key) => !failed.has(key));
  const surplus = [...failed].filter((key) => !expected.includes(key));
  return [
    ...missing.map((key) => `the failure queue lacks the change of key hash ${key}, which had to be refused`),
    ...surplus.slice(0, 5).map((key) => `the failure queue has a change of key hash ${key}, which had to be delivered`),
  ];
}

function callsOf(engine: Engine, functionName: string): Record<string, number> {
  const own = engine.meters().filter(({ caller }) => caller.kind === "function" && caller.name === functionName);
  return Object.fromEntries(own.map(({ operation, calls }) => [operation, calls]));
}
