import { verification as redshift } from "../../operate/kinds/redshift.ts";
import { verification as replica } from "../../operate/kinds/replica.ts";
import { verification as sqs } from "../../operate/kinds/sqs.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { drain } from "../../operate/verify/drain.ts";
import { coverageOf } from "../../operate/verify/failed-changes.ts";
import { inbox } from "../../operate/verify/inbox.ts";
import { replay } from "../../operate/verify/replay.ts";
import { itemsOf } from "../../operate/verify/source-items.ts";
import type { StreamChange } from "../../operate/verify/stream-changes.ts";
import type { KeyAttribute } from "../demo/workload.ts";
import type { Engine } from "../engine/engine.ts";

const kinds = { redshift, replica, sqs };
const keySchema: readonly KeyAttribute[] = [{ name: "id", type: "S" }];

export interface VerifiedRound {
  readonly failureMessages: number;
  readonly problems: readonly string[];
}

/**
 * Holds every destination against the changes of a round, as `npm start` does, and takes them out of it, so that the next
 * round finds it empty: messages off the queues, rows out of the change log. A change has arrived, or a failure message covers it.
 */
export async function verifyRound(
  engine: Engine,
  { table, destinations }: Outputs,
  changes: readonly StreamChange[],
): Promise<VerifiedRound> {
  const { dynamodb, sqs: queues } = engine.clients;
  const source = await itemsOf(dynamodb, table, keySchema);
  const { items: shown } = replay(changes);
  const lasts = new Map(changes.map(({ keyHash, eventId }) => [keyHash, eventId]));
  const problems: string[] = [];
  let failureMessages = 0;
  for (const [name, { kind, sink, function: functionName, failureQueue }] of Object.entries(destinations)) {
    const bodies = (await drain(queues, failureQueue)).map(({ Body }) => Body!);
    const covered = changes.filter(coverageOf(bodies));
    const events = new Set(covered.map(({ eventId }) => eventId));
    // Behind is only whose last change is covered: after any other, a later one has brought its key up to date.
    const behind = covered.filter(({ keyHash, eventId }) => lasts.get(keyHash) === eventId);
    const failed = { messages: bodies.length, events, keys: new Set(behind.map(({ keyHash }) => keyHash)) };
    const { settings } = JSON.parse(engine.functions.get(functionName)!.environment.DESTINATIONS!)[name];
    const items = kind === "replica" ? source : shown;
    const subject = {
      engine,
      sink,
      settings,
      changes,
      items: items as typeof source,
      keySchema,
      failed,
      take: inbox(queues),
    };
    const verdict = await kinds[kind as keyof typeof kinds].verify(subject);
    problems.push(...verdict.problems.map((problem) => `${name}: ${problem}`));
    failureMessages += bodies.length;
    if (kind !== "redshift") continue;
    // Without the checkpoint its write-ahead log, which is in memory too, would grow on.
    await engine.redshift!.execute(`TRUNCATE ${sink.changeLog}; CHECKPOINT`);
  }
  return { failureMessages, problems };
}
