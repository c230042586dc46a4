import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { imageJson } from "../../handlers/core/image-json.ts";
import { expiryAttribute, versionAttribute } from "../../handlers/kinds/replica/item.ts";
import type { KindName } from "../../infra/kinds.ts";
import { verifiableStack } from "../../local/demo/verifiable-stack.ts";
import type { Engine } from "../../local/engine/engine.ts";
import type { MappingStats } from "../../local/engine/mapping/stats.ts";
import { canonical, difference } from "../../operate/compare/difference.ts";
import { peekAll } from "../../operate/compare/failed-changes.ts";
import { type Items, itemsOf, type KeyAttribute } from "../../operate/compare/items.ts";
import { replay } from "../../operate/compare/replay.ts";
import { type StreamChange, streamChanges } from "../../operate/compare/stream.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { type VerifiableStack, verifyDestinations } from "../../operate/verify/verify-destinations.ts";
import { type Case, isCalm } from "./case.ts";
import { keySchema } from "./items.ts";
import { isRefused } from "./refused.ts";

/** What was found when all was delivered or given up. */
export interface Found {
  readonly changes: readonly StreamChange[];
  readonly failureMessages: number;
  /** The changes that failure messages cover, by destination. */
  readonly covered: Readonly<Record<string, readonly StreamChange[]>>;
  /** What must not be, a line each. */
  readonly problems: readonly string[];
}

export interface CheckOptions {
  /** The stack; the same one for a second check of the same queues, whose messages it remembers. @default one of its own */
  readonly stack?: VerifiableStack;
  /**
   * Whether it is after a redrive, with nothing going wrong any more: then no failure message excuses what its destination
   * can take. @default false
   */
  readonly isRedriven?: boolean;
}

/**
 * Holds every destination against the source and its stream. Of each change it must be true that it has arrived, or that a
 * failure message covers it; it may have arrived all the same. A key is behind only if its last change is covered: then it
 * shows what it was after a covered change or after the last one that is not.
 */
export async function check(one: Case, engine: Engine, outputs: Outputs, options: CheckOptions = {}): Promise<Found> {
  const { dynamodb, streams, sqs } = engine.clients;
  const { stack = verifiableStack(engine), isRedriven = false } = options;
  const keys = keySchema(one.table);
  const { streamArn } = engine.mappings.values().next().value!;
  const changes = await streamChanges(streams, streamArn);
  const source = await itemsOf(dynamodb, outputs.table, keys);
  const all = Object.values(outputs.destinations);
  const failureMessages = await peekAll(
    sqs,
    all.map(({ failureQueue }) => failureQueue),
  );
  const excuses = (kind: KindName, change: StreamChange) => !isRedriven || isRefused(kind, change);
  const expected = { source, keySchema: keys, changes, failureMessages, excuses };
  const verified = await verifyDestinations(stack, outputs, expected);
  const problems = streamProblems(one, changes, source);
  for (const { name, kind, changes: wanted, covered, ...verdict } of verified) {
    const { sink, ...consumer } = outputs.destinations[name]!;
    const { mapping } = engine.mappings.get(consumer.mapping)!;
    const target = engine.functions.get(consumer.function)!;
    const excused = new Set(covered.filter((change) => excuses(kind, change)).map(({ eventId }) => eventId));
    const kinds = all.filter((other) => other.mapping === consumer.mapping).map((other) => other.kind);
    const own = [
      ...verdict.problems,
      ...statsProblems(mapping.stats, changes.length),
      ...(isCalm(one) && isolates(one, name) && target.stats.timeouts === 0 ? needlessFailures(covered, kinds) : []),
      ...(kind === "replica"
        ? await untrueStates(engine, sink.tableName!, keys, behindKeys(wanted, excused), excused)
        : []),
    ];
    problems.push(...own.map((problem) => `${name}: ${problem}`));
  }
  const bodies = [...failureMessages.values()].flat();
  const covered = Object.fromEntries(verified.map((one) => [one.name, one.covered]));
  return { changes, failureMessages: bodies.length, covered, problems };
}

/** What the stream says must lead to what the source holds, or nothing else that is found means anything. */
function streamProblems(one: Case, changes: readonly StreamChange[], source: Items): string[] {
  if (!keepsImages(one)) return [];
  return difference(source, replay(changes).items, new Set()).map((line) => `the stream's own history ${line}`);
}

function keepsImages({ table: { view } }: Case): boolean {
  return view === "NEW_IMAGE" || view === "NEW_AND_OLD_IMAGES";
}

/** Event ids of changes that may be missing. */
type Failed = ReadonlySet<string>;

/** The keys whose last change is covered, each with the changes that it may show: the last one that is not, and all after it. */
function behindKeys(changes: readonly StreamChange[], failed: Failed): Map<string, readonly StreamChange[]> {
  const behind = new Map<string, readonly StreamChange[]>();
  for (const [key, history] of Map.groupBy(changes, ({ keyHash }) => keyHash)) {
    if (!failed.has(history.at(-1)!.eventId)) continue;
    behind.set(
      key,
      history.slice(
        Math.max(
          0,
          history.findLastIndex(({ eventId }) => !failed.has(eventId)),
        ),
      ),
    );
  }
  return behind;
}

interface State {
  readonly version: bigint;
  /** The item, as text; absent for a tombstone. */
  readonly item?: string;
}

/** What a replica shows for keys that are behind and must not. */
async function untrueStates(
  engine: Engine,
  table: string,
  keys: readonly KeyAttribute[],
  behind: ReadonlyMap<string, readonly StreamChange[]>,
  failed: Failed,
): Promise<string[]> {
  const states = await replicaStates(engine, table, keys);
  return [...behind].flatMap(([key, possible]) => untrueState(key, states.get(key), possible, failed));
}

async function replicaStates(engine: Engine, table: string, keys: readonly KeyAttribute[]) {
  const states = new Map<string, State>();
  for (const [key, stored] of await itemsOf(engine.clients.dynamodb, table, keys)) {
    const { [versionAttribute]: version, ...item } = stored;
    const gone = expiryAttribute in item;
    states.set(key, { version: BigInt(version!.S!), ...(!gone && { item: text(item) }) });
  }
  return states;
}

/** A key that is behind must show one of its own former states, and none older than its last change that had to arrive. */
function untrueState(key: string, state: State | undefined, possible: readonly StreamChange[], failed: Failed) {
  if (state === undefined) {
    const lost = possible.find(({ eventId }) => !failed.has(eventId));
    return lost === undefined ? [] : [`shows nothing for key hash ${key}, though change ${lost.version} had to arrive`];
  }
  const shown = possible.find(({ version }) => BigInt(version) === state.version);
  if (shown === undefined) return [`shows version ${state.version} of key hash ${key}, which is none that it may show`];
  const expected = shown.after && text(shown.after);
  return state.item === expected
    ? []
    : [`differs from change ${shown.version} of key hash ${key}, which it claims to show`];
}

function text(item: Record<string, AttributeValue>): string {
  return canonical(imageJson(item, "typed"));
}

/** The mapping's own books must be balanced: each change accepted, filtered out, or in a failure message. */
function statsProblems(stats: MappingStats, changes: number) {
  const { delivered, filteredOut, recordsInFailureMessages, droppedRecords } = stats;
  const sum = delivered + filteredOut + recordsInFailureMessages;
  return [
    ...(droppedRecords === 0 ? [] : [`its mapping dropped ${droppedRecords} changes without a failure message`]),
    ...(sum === changes ? [] : [`its mapping settled ${sum} changes, but the stream has ${changes}`]),
  ];
}

/** Whether the settings leave a refused change alone in its failure message. */
function isolates({ consumers }: Case, name: string): boolean {
  const { batchSize, bisectBatchOnFunctionError } = consumers[Number(name.split("-")[1])]!.mapping;
  return bisectBatchOnFunctionError || batchSize === 1;
}

/** While nothing goes wrong, only what one of the consumer's destinations must refuse may be given up. */
function needlessFailures(covered: readonly StreamChange[], kinds: readonly string[]): string[] {
  return covered
    .filter((change) => !kinds.some((kind) => isRefused(kind, change)))
    .slice(0, 5)
    .map(({ version }) => `gave change ${version} up, which nothing refuses`);
}
