import type { KindName } from "../../infra/kinds.ts";
import { peekAll } from "../../operate/compare/failed-changes.ts";
import { itemsOf, keySchemaOf } from "../../operate/compare/items.ts";
import { type StreamChange, streamChanges } from "../../operate/compare/stream.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { type VerifiableStack, verifyDestinations } from "../../operate/verify/verify-destinations.ts";
import type { Engine } from "../engine/engine.ts";
import { refusesLongString } from "./mend.ts";
import { reasonsIn } from "./said.ts";
import { verifiableStack } from "./verifiable-stack.ts";

/** What is known of one destination at the end. */
export interface CheckedDestination {
  readonly name: string;
  readonly kind: KindName;
  /** The function that feeds it; destinations that share one have its figures in common. */
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
  /** Whether the change with the long string, which some destinations refuse, lies in its failure queue. */
  readonly refusedWaits: boolean;
  readonly problems: readonly string[];
}

/** How the destinations are checked. */
export interface CheckOptions {
  /** The key hash of the item with the long string. @default none was written */
  readonly longString?: string | undefined;
  /** The stack; the same one for a second check of the same queues, whose messages it remembers. @default one of its own */
  readonly stack?: VerifiableStack;
}

/**
 * Verifies every destination against the source's stream and items, and gathers the figures of what feeds it. Takes the messages off
 * the queues that are destinations; to be called when all is delivered.
 */
export async function checkDestinations(
  engine: Engine,
  outputs: Outputs,
  { longString, stack = verifiableStack(engine) }: CheckOptions = {},
): Promise<CheckedDestination[]> {
  const { dynamodb, streams, sqs } = engine.clients;
  const [reader] = engine.mappings.values();
  if (reader === undefined) throw new Error("the program has no mapping, so there is nothing to verify");
  const keySchema = await keySchemaOf(dynamodb, outputs.table);
  const source = await itemsOf(dynamodb, outputs.table, keySchema);
  const changes = await streamChanges(streams, reader.streamArn);
  const queues = Object.values(outputs.destinations).map(({ failureQueue }) => failureQueue);
  const failureMessages = await peekAll(sqs, queues);
  const verified = await verifyDestinations(stack, outputs, { source, keySchema, changes, failureMessages });
  const nothing = source.size > 0 ? [] : ["the source has no items, so there is nothing to compare with"];
  return verified.map(({ name, kind, covered, changes, arrived, failureMessages, problems }) => {
    const { function: functionName, mapping } = outputs.destinations[name]!;
    const { stats, trouble } = engine.mappings.get(mapping)!.mapping;
    const { batches, invocations, lag } = stats;
    const failed = new Set(covered.map(({ keyHash }) => keyHash));
    const said = saidOf(covered, reasonsIn(engine.functions.get(functionName)?.log ?? []), trouble);
    const isLong = (key: string) => key === longString;
    const mustFail =
      changes.some(({ keyHash }) => isLong(keyHash)) && refusesLongString(engine, functionName) ? [longString!] : [];
    return {
      name,
      kind,
      function: functionName,
      changes: changes.length,
      arrived,
      batches,
      invocations,
      calls: callsOf(engine, functionName),
      lag: lag.max,
      failureMessages,
      refusedWaits: [...failed].some(isLong),
      problems: [...nothing, ...failureQueueProblems(failed, mustFail, said), ...problems],
    };
  });
}

/** In the failure queue lie the changes that had to be refused, and no others. */
function failureQueueProblems(
  failed: ReadonlySet<string>,
  expected: readonly string[],
  said: ReadonlyMap<string, string>,
): string[] {
  const missing = expected.filter((key) => !failed.has(key));
  const surplus = [...failed].filter((key) => !expected.includes(key));
  return [
    ...missing.map((key) => `the failure queue lacks the change of key hash ${key}, which had to be refused`),
    ...surplus.slice(0, 5).map((key) => {
      const reason = said.get(key) ?? "nothing that is still in its log";
      return `the failure queue has a change of key hash ${key}, which had to be delivered; its function said: ${reason}`;
    }),
  ];
}

/** Why changes were given up, by key hash: what the function said of one, or else what last went wrong for its mapping. */
function saidOf(
  covered: readonly StreamChange[],
  reasons: ReadonlyMap<string, string>,
  trouble: string | undefined,
): ReadonlyMap<string, string> {
  const said = covered.flatMap(({ keyHash, version }) => {
    const reason = reasons.get(version) ?? trouble;
    return reason === undefined ? [] : [[keyHash, reason] as const];
  });
  return new Map(said);
}

function callsOf(engine: Engine, functionName: string): Record<string, number> {
  const own = engine.meters().filter(({ caller }) => caller.kind === "function" && caller.name === functionName);
  return Object.fromEntries(own.map(({ operation, calls }) => [operation, calls]));
}
