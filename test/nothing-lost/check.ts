import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { imageJson } from "../../handlers/core/image-json.ts";
import { expiryAttribute, versionAttribute } from "../../handlers/kinds/replica/item.ts";
import type { KeyAttribute } from "../../local/demo/workload.ts";
import type { Engine } from "../../local/engine/engine.ts";
import type { MappingStats } from "../../local/engine/mapping/stats.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { canonical } from "../../operate/verify/canonical.ts";
import { difference } from "../../operate/verify/difference.ts";
import { failedChanges } from "../../operate/verify/failed-changes.ts";
import { type Inbox, inbox } from "../../operate/verify/inbox.ts";
import { replay } from "../../operate/verify/replay.ts";
import { type Items, itemsOf } from "../../operate/verify/source-items.ts";
import { type StreamChange, streamChanges } from "../../operate/verify/stream-changes.ts";
import type { Verification } from "../../operate/verify/verification.ts";
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
  /** Takes the messages off the queues; the same one for a second check of the same queues. @default one of its own */
  readonly take?: Inbox;
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
  const { take = inbox(sqs), isRedriven = false } = options;
  const keys = keySchema(one.table);
  const { streamArn } = engine.mappings.values().next().value!;
  const changes = await streamChanges(streams, streamArn);
  const source = await itemsOf(dynamodb, outputs.table, keys);
  const entries = Object.entries(outputs.destinations);
  const failures = await failedChanges(
    entries.map(([, { failureQueue }]) => failureQueue),
    sqs,
    changes,
  );
  const problems = streamProblems(one, changes, source);
  const covered: Record<string, StreamChange[]> = {};
  for (const [name, { kind, sink, ...consumer }] of entries) {
    const { mapping } = engine.mappings.get(consumer.mapping)!;
    const target = engine.functions.get(consumer.function)!;
    const { events, messages } = failures.get(consumer.failureQueue)!;
    const wanted = changes.filter(({ record }) => mapping.passes(record));
    const covering = wanted.filter(({ eventId }) => events.has(eventId));
    covered[name] = covering;
    const excused = isRedriven ? covering.filter((change) => isRefused(kind, change)) : covering;
    const failed = { messages, events: new Set(excused.map(({ eventId }) => eventId)) };
    const { settings } = JSON.parse(target.environment.DESTINATIONS!)[name];
    const wholeSource = wanted.length === changes.length && keepsImages(one);
    const items = wholeSource ? source : replay(wanted).items;
    const { verification } = (await import(`../../operate/kinds/${kind}.ts`)) as { verification: Verification };
    const behind = behindKeys(wanted, failed.events);
    const verdict = await verification.verify({
      ...{ engine, sink, settings, keySchema: keys, changes: wanted, take },
      items: items as Items,
      failed: { ...failed, keys: new Set(behind.keys()) },
    });
    const states = kind === "replica" ? await replicaStates(engine, sink.tableName!, keys) : new Map();
    const kinds = entries.filter(([, other]) => other.mapping === consumer.mapping).map(([, other]) => other.kind);
    const own = [
      ...verdict.problems,
      ...statsProblems(mapping.stats, changes.length),
      ...(isCalm(one) && isolates(one, name) && target.stats.timeouts === 0 ? needlessFailures(covering, kinds) : []),
      ...[...behind].flatMap(([key, possible]) =>
        kind === "replica" ? untrueState(key, states.get(key), possible, failed.events) : [],
      ),
    ];
    problems.push(...own.map((problem) => `${name}: ${problem}`));
  }
  const failureMessages = [...failures.values()].reduce((sum, { messages }) => sum + messages, 0);
  return { changes, failureMessages, covered, problems };
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
