import type { Engine } from "../../local/engine/engine.ts";
import { coverageOf } from "../../operate/compare/failed-changes.ts";
import type { StreamChange } from "../../operate/compare/stream.ts";
import { FailureQueue } from "../../operate/redrive/failure-queue.ts";
import { redrive } from "../../operate/redrive/redrive.ts";
import type { Result } from "../../operate/redrive/result.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { onThisMachine } from "../../operate/stack/running.ts";
import { isRefused } from "./refused.ts";

/** Brings back what lies in the failure queues. */
export type Redrive = (engine: Engine) => Promise<Result>;

/** As `npm run redrive -- --local` does. */
export const redriveAll: Redrive = (engine) =>
  redrive(onThisMachine(engine, "dev"), {}, { step: (_, work) => work(() => {}) });

/** What must not be after a redrive, a line each: a message is left only for what can never be delivered, and said to be left. */
export async function leftProblems(
  { consumers }: Result,
  engine: Engine,
  { destinations }: Outputs,
  changes: readonly StreamChange[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const { failureQueue, left, trimmed, notUnderstood, stillFailing, ...consumer } of consumers) {
    const name = consumer.destinations.join(" and ");
    const kinds = consumer.destinations.map((one) => destinations[one]!.kind);
    const queue = await FailureQueue.receiveAll(engine.clients.sqs, failureQueue, 0);
    const bodies = queue.messages.map(({ body }) => body);
    await queue.release();
    const needless = bodies.filter((body) => {
      const covered = changes.filter(coverageOf([body]));
      return !covered.some((change) => kinds.some((kind) => isRefused(kind, change)));
    });
    const reasons = stillFailing.map(({ reason }) => reason).join("; ") || "nothing";
    const own = [
      ...needless.map(() => `left a failure message that covers nothing that is refused; still failing: ${reasons}`),
      ...(left === bodies.length ? [] : [`says that ${left} messages are left, but ${bodies.length} are`]),
      ...(trimmed.length + notUnderstood.length === 0 ? [] : ["takes records for trimmed, or messages for foreign"]),
      ...(left > 0 === stillFailing.length > 0 ? [] : [`left ${left} messages, and says that ${reasons} fails`]),
    ];
    problems.push(...own.map((problem) => `the redrive of ${name} ${problem}`));
  }
  return problems;
}
