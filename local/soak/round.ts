import { itemsOf } from "../../operate/compare/items.ts";
import { drain } from "../../operate/compare/messages.ts";
import type { StreamChange, StreamReader } from "../../operate/compare/stream.ts";
import type { Outputs } from "../../operate/stack/outputs.ts";
import { verifyDestinations } from "../../operate/verify/verify-destinations.ts";
import { verifiableStack } from "../demo/verifiable-stack.ts";
import { writeWorkload } from "../demo/write-workload.ts";
import type { Engine } from "../engine/engine.ts";
import { kinds } from "../kinds.ts";
import type { Memory } from "./memory.ts";
import { key, type Writes } from "./writes.ts";

/** What one round came to. */
export interface Round {
  /** Changes so far, in all rounds. */
  readonly changes: number;
  readonly failureMessages: number;
  /** Seconds for writing and delivering, and for verifying. */
  readonly seconds: { readonly delivering: number; readonly verifying: number };
  /** The most bytes that the process held in this round. */
  readonly memory: number;
  readonly problems: readonly string[];
}

/** What every round works with. */
export interface RoundParts {
  readonly engine: Engine;
  readonly outputs: Outputs;
  readonly memory: Memory;
  readonly writes: Writes;
  readonly stream: StreamReader;
}

/** Writes so many changes, waits until they are delivered, and verifies them. */
export async function runRound(parts: RoundParts, made: number, size: number): Promise<Round> {
  const { engine, outputs, memory, writes, stream } = parts;
  const began = performance.now();
  await writeWorkload(engine.clients.dynamodb, outputs.table, { waves: writes.next(size) }, () => {});
  await engine.idle({ onStuck: (_, text) => process.stderr.write(`\n${text}\n`) });
  const delivered = performance.now();
  const changes = await stream.next();
  const missing = changes.length === size ? [] : [`the stream has ${changes.length} of ${size} changes`];
  const { failureMessages, problems } = await verifyRound(parts, changes);
  return {
    changes: made + size,
    failureMessages,
    seconds: { delivering: (delivered - began) / 1000, verifying: (performance.now() - delivered) / 1000 },
    memory: memory.peak(),
    problems: [...missing, ...problems],
  };
}

/**
 * Holds every destination against the changes of a round, as `npm start` does, and takes them out of it, so that the next
 * round finds it empty. A change has arrived, or a failure message covers it.
 */
async function verifyRound({ engine, outputs }: RoundParts, changes: readonly StreamChange[]) {
  const { dynamodb, sqs } = engine.clients;
  const source = await itemsOf(dynamodb, outputs.table, [key]);
  const failureMessages = new Map<string, readonly string[]>();
  for (const { failureQueue } of Object.values(outputs.destinations)) {
    const messages = await drain(sqs, failureQueue);
    failureMessages.set(
      failureQueue,
      messages.map(({ Body }) => Body!),
    );
  }
  const verified = await verifyDestinations(verifiableStack(engine), outputs, {
    ...{ source, keySchema: [key], changes, failureMessages },
    beganEmpty: (kind) => kinds[kind].soak.empty !== undefined,
  });
  for (const { name, kind } of verified) await kinds[kind].soak.empty?.(engine, outputs.destinations[name]!.sink);
  return {
    failureMessages: verified.reduce((sum, one) => sum + one.failureMessages, 0),
    problems: verified.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`)),
  };
}
