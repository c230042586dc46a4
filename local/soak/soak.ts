import { StreamReader } from "../../operate/compare/stream.ts";
import { readOutputs } from "../../operate/stack/outputs.ts";
import { up } from "../engine/engine.ts";
import type { FaultHook } from "../engine/gateway/fault.ts";
import { seededFaults } from "../engine/gateway/faults.ts";
import { seededRandom } from "../engine/seeded-random.ts";
import { Memory, memoryProblems } from "./memory.ts";
import { type Round, type RoundParts, runRound } from "./round.ts";
import { config, faults, roundSize, timeScale } from "./settings.ts";
import { Writes } from "./writes.ts";

export interface SoakOptions {
  /** How many changes are made. */
  readonly changes: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** A DynamoDB Local that runs already. @default one of its own */
  readonly dynamoDbEndpoint?: string;
  /** Called after each round. */
  onRound?(round: Round): void;
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
  let faultCount = 0;
  const counting: FaultHook = (call) => {
    const fault = hook(call);
    if (fault !== undefined) faultCount += 1;
    return fault;
  };
  const engine = await up({
    root: import.meta.dirname,
    program: "../../index.ts",
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
  interrupted.catch(() => {}); // it may come when nothing waits for it any more
  const memory = new Memory();
  const began = performance.now();
  try {
    const outputs = readOutputs(engine.outputs);
    const { streamArn } = engine.mappings.values().next().value!;
    const parts: RoundParts = {
      engine,
      outputs,
      memory,
      writes: new Writes(seededRandom(seed)),
      stream: new StreamReader(engine.clients.streams, streamArn),
    };
    const rounds: Round[] = [];
    for (let made = 0; made < changes; made += roundSize) {
      signal?.throwIfAborted();
      rounds.push(await Promise.race([runRound(parts, made, Math.min(roundSize, changes - made)), interrupted]));
      onRound?.(rounds.at(-1)!);
    }
    const functions = [...engine.functions.values()];
    return {
      changes,
      seconds: (performance.now() - began) / 1000,
      invocations: functions.reduce((sum, { stats }) => sum + stats.invocations, 0),
      faults: faultCount,
      failureMessages: rounds.reduce((sum, round) => sum + round.failureMessages, 0),
      rounds,
      problems: [...rounds.flatMap(({ problems }) => problems), ...memoryProblems(rounds)],
    };
  } finally {
    memory.stop();
    await engine.down();
  }
}
