import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { KindName } from "../../infra/kinds.ts";
import { coverageOf, type FailureMessages, failedChanges } from "../compare/failed-changes.ts";
import type { Items, KeyAttribute } from "../compare/items.ts";
import { replay } from "../compare/replay.ts";
import type { StreamChange } from "../compare/stream.ts";
import type { HandlerSettings, StackData, Verdict } from "../kind.ts";
import { kindName, kinds } from "../kinds.ts";
import type { Outputs } from "../stack/outputs.ts";

/** A stack whose destinations are verified. */
export interface VerifiableStack extends StackData {
  /** Says which records the filters of a mapping let through, by its UUID. */
  filterOf(mapping: string): Promise<(record: ApiRecord) => boolean>;
  /** The settings that a function has for a destination. */
  settingsOf(functionName: string, destination: string): Promise<HandlerSettings>;
}

/** What the destinations are held against. */
export interface VerifyOptions {
  /** The source's items, and its key. */
  readonly source: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** The changes of the stream. */
  readonly changes: readonly StreamChange[];
  /** What lies in every failure queue. */
  readonly failureMessages: FailureMessages;
  /** Whether a failure message excuses that a change has not arrived. @default always */
  excuses?(kind: KindName, change: StreamChange): boolean;
  /** Whether a destination of a kind was empty before these changes, though the source was not. @default none was */
  beganEmpty?(kind: KindName): boolean;
}

/** What is known of one destination once it is verified. */
export interface Verified extends Verdict {
  readonly name: string;
  readonly kind: KindName;
  /** The changes that should have arrived: those that the filters let through. */
  readonly changes: readonly StreamChange[];
  /** Those of them that failure messages cover; destinations with a common consumer have one failure queue. */
  readonly covered: readonly StreamChange[];
  readonly failureMessages: number;
}

/** Verifies every destination against the source's stream and items; to be called when all is delivered. */
export function verifyDestinations(
  stack: VerifiableStack,
  { destinations }: Outputs,
  { source, keySchema, changes, failureMessages, excuses = () => true, beganEmpty = () => false }: VerifyOptions,
): Promise<Verified[]> {
  const verify = async ([name, destination]: [string, Outputs["destinations"][string]]): Promise<Verified> => {
    const { sink, function: functionName, mapping, failureQueue } = destination;
    const kind = kindName(destination.kind);
    const bodies = failureMessages.get(failureQueue) ?? [];
    const passes = await stack.filterOf(mapping);
    const wanted = changes.filter(({ record }) => passes(record));
    const covered = wanted.filter(coverageOf(bodies));
    const excused = covered.filter((change) => excuses(kind, change));
    // The source itself says what the changes should have led to, if they are all that the destination was sent.
    const isWhole = wanted.length === changes.length && !beganEmpty(kind);
    const verdict = await kinds[kind].verify({
      ...{ stack, sink, keySchema, changes: wanted },
      settings: await stack.settingsOf(functionName, name),
      items: isWhole ? source : replay(wanted).items,
      failed: failedChanges(excused, wanted),
    });
    return {
      ...{ name, kind, changes: wanted, covered, failureMessages: bodies.length },
      ...verdict,
    };
  };
  return Promise.all(Object.entries(destinations).map(verify));
}
