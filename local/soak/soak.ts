import { type Outputs, readOutputs } from "../../operate/stack/outputs.ts";
import { writeWorkload } from "../demo/write-workload.ts";
import { type Engine, up } from "../engine/engine.ts";
import { type FaultHook, seededFaults } from "../engine/gateway/faults.ts";
import { seededRandom } from "../engine/seeded-random.ts";
import { Memory } from "./memory.ts";
import { Rounds } from "./round.ts";
import { config, faults, roundSize, timeScale } from "./settings.ts";
import { StreamTail } from "./stream-tail.ts";
import { verifyRound } from "./verify-round.ts";

export interface SoakOptions {
  /** How many changes are made. */
  readonly changes: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** A DynamoDB Local that runs already. @default one of its own */
  readonly dynamoDbEndpoint?: string;
  /** Told after each round. */
  onRound?(round: Round): void;
}

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

/** What a soak came to. */
export interface Soaked {
  readonly changes: number;
  readonly seconds: number;
  readonly invocations: number;
  /** Calls, invocations and loads that were made to go wrong. */
  readonly faults: number;
  readonly failureMessages: number;
  readonly rounds: readonly Round[];
  /** What must not be, a line each, and that memory grew. */
  readonly problems: readonly string[];
}

/** Writes, delivers and verifies round after round, while everything goes wrong now and then. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { changes, seed, signal, dynamoDbEndpoint, onRound } = options;
  const hook = seededFaults(seed, faults);
  let struck = 0;
  const counting: FaultHook = (call) => {
    const fault = hook(call);
    if (fault !== undefined) struck += 1;
    return fault;
  };
  const engine = await up({
    config,
    timeScale,
    faults: counting,
    onProblem: () => {}, // reads of the stream that fail, and are repeated, are among the faults
    ...(signal && { signal }),
    ...(dynamoDbEndpoint !== undefined && { dynamoDbEndpoint }),
  });
  const interrupted = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
  interrupted.catch(() => {}); // it may come when nobody waits for it any more
  const memory = new Memory();
  const began = performance.now();
  try {
    const outputs = readOutputs(engine.outputs);
    const { streamArn } = engine.mappings.values().next().value!;
    const state: State = {
      engine,
      outputs,
      memory,
      plan: new Rounds(seededRandom(seed)),
      tail: new StreamTail(engine.clients.streams, streamArn),
    };
    const rounds: Round[] = [];
    for (let made = 0; made < changes; made += roundSize) {
      signal?.throwIfAborted();
      rounds.push(await Promise.race([oneRound(state, made, Math.min(roundSize, changes - made)), interrupted]));
      onRound?.(rounds.at(-1)!);
    }
    const functions = [...engine.functions.values()];
    return {
      changes,
      seconds: (performance.now() - began) / 1000,
      invocations: functions.reduce((sum, { stats }) => sum + stats.invocations, 0),
      faults: struck,
      failureMessages: rounds.reduce((sum, round) => sum + round.failureMessages, 0),
      rounds,
      problems: [...rounds.flatMap(({ problems }) => problems), ...memoryProblems(rounds)],
    };
  } finally {
    memory.stop();
    await engine.down();
  }
}

interface State {
  readonly engine: Engine;
  readonly outputs: Outputs;
  readonly memory: Memory;
  readonly plan: Rounds;
  readonly tail: StreamTail;
}

async function oneRound({ engine, outputs, memory, plan, tail }: State, made: number, size: number): Promise<Round> {
  const began = performance.now();
  await writeWorkload(engine.clients.dynamodb, outputs.table, { waves: plan.next(size) }, () => {});
  await engine.idle();
  const delivered = performance.now();
  const changes = await tail.next();
  const missing = changes.length === size ? [] : [`the stream has ${changes.length} of ${size} changes`];
  const { failureMessages, problems } = await verifyRound(engine, outputs, changes);
  return {
    changes: made + size,
    failureMessages,
    seconds: { delivering: (delivered - began) / 1000, verifying: (performance.now() - delivered) / 1000 },
    memory: memory.peak(),
    problems: [...missing, ...problems],
  };
}

/** In the first rounds, code is compiled and the heaps of all threads grow to the size that a round needs. */
const warmUp = 4;
/** Later rounds may need so much more, in bytes: a leak of 3 KB a change would show in a soak of 200,000. */
const tolerance = 400 * 1024 * 1024;

/** Whether memory went on growing after the first rounds. */
export function memoryProblems(rounds: readonly Pick<Round, "memory">[]): string[] {
  const first = Math.max(0, ...rounds.slice(0, warmUp).map(({ memory }) => memory));
  const most = Math.max(0, ...rounds.slice(warmUp).map(({ memory }) => memory));
  if (most <= first + tolerance) return [];
  const [before, after] = [first, most].map((bytes) => Math.round(bytes / 1024 / 1024));
  return [`memory grew from ${before} MiB in the first ${warmUp} rounds to ${after} MiB`];
}
