import { existsSync } from "node:fs";
import type { Engine } from "../engine.ts";
import { failedChanges } from "./failed-changes.ts";
import type { Outputs } from "./outputs.ts";
import type { Items } from "./source-items.ts";
import type { Verification } from "./verify/verify.ts";
import type { KeyAttribute } from "./workload.ts";

/** What is known of one destination at the end. */
export interface Checked {
  readonly name: string;
  readonly kind: string;
  readonly arrived: string;
  readonly batches: number;
  readonly invocations: number;
  /** Calls of AWS operations by the function that feeds it. */
  readonly calls: Readonly<Record<string, number>>;
  /** The longest time from reading a change off the stream to having settled it, in milliseconds. */
  readonly lag: number;
  readonly failureMessages: number;
  readonly problems: readonly string[];
}

export interface Written {
  readonly source: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** The key hash of the item that some kinds must refuse, if one was written. */
  readonly refused?: string;
}

/** Verifies one destination against the source, and gathers the figures of what feeds it. */
export async function checkDestination(
  engine: Engine,
  { destinations }: Outputs,
  name: string,
  { source, keySchema, refused }: Written,
): Promise<Checked> {
  const { kind, sink, ...consumer } = destinations[name]!;
  const failed = await failedChanges(consumer.failureQueue, engine.clients);
  const { settings } = connections(engine, consumer.function)[name]!;
  const { verify } = await verificationOf(kind);
  const { arrived, problems } = await verify({ engine, sink, settings, source, keySchema, behind: failed.keys });
  const together = Object.values(destinations).filter((other) => other.mapping === consumer.mapping);
  const refusals = await Promise.all(together.map(async (other) => (await verificationOf(other.kind)).refusesNul));
  const { stats } = engine.mappings.get(consumer.mapping)!.mapping;
  return {
    name,
    kind,
    arrived,
    batches: stats.batches,
    invocations: stats.invocations,
    calls: callsOf(engine, consumer.function),
    lag: stats.lag.max,
    failureMessages: failed.messages,
    problems: [
      ...failureQueueProblems(failed.keys, refused !== undefined && refusals.includes(true) ? [refused] : []),
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

async function verificationOf(kind: string): Promise<Verification> {
  const file = new URL(`./verify/${kind}.ts`, import.meta.url);
  if (existsSync(file)) return (await import(file.href)).verification;
  const problem = `nothing verifies kind ${kind} yet: write local/demo/verify/${kind}.ts`;
  return { refusesNul: false, verify: async () => ({ arrived: "?", problems: [problem] }) };
}

function connections(engine: Engine, functionName: string): Record<string, { settings: Record<string, unknown> }> {
  return JSON.parse(engine.functions.get(functionName)!.environment.DESTINATIONS!);
}

function callsOf(engine: Engine, functionName: string): Record<string, number> {
  const own = engine.meters().filter(({ caller }) => caller.kind === "function" && caller.name === functionName);
  return Object.fromEntries(own.map(({ operation, calls }) => [operation, calls]));
}
