import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { verifiableStack } from "../../local/demo/verifiable-stack.ts";
import { writeWorkload } from "../../local/demo/write-workload.ts";
import { type Engine, up } from "../../local/engine/engine.ts";
import type { FaultHook } from "../../local/engine/gateway/fault.ts";
import { seededFaults } from "../../local/engine/gateway/faults.ts";
import type { Redshift } from "../../local/engine/redshift/redshift.ts";
import { type Outputs, readOutputs } from "../../operate/stack/outputs.ts";
import { stacks } from "../support/stacks.ts";
import type { Case, Step } from "./case.ts";
import { check, type Found } from "./check.ts";
import { burst, itemOf, keyOf } from "./items.ts";
import { configuration } from "./program.ts";
import { leftProblems, type Redrive, redriveAll } from "./redrive.ts";

/** What a run came to. */
export interface Ran extends Found {
  readonly invocations: number;
  /** How often something was made to go wrong. */
  readonly faults: number;
  /** How many changes were brought back from failure queues. */
  readonly redriven: number;
  /** What the engine complained of, and what the functions logged last. */
  readonly logged: readonly string[];
}

/** What runs already, because it takes longer to start than a case to run. */
export interface Emulators {
  readonly dynamoDbEndpoint: string;
  /** An empty one, for a case with a warehouse. */
  readonly redshift?: Redshift;
}

/** How long all may take to be delivered or given up; a case that takes longer never ends. */
const longestWait = 60_000;

export interface RunOptions {
  /** Does something to what was delivered before it is checked, to see that it is noticed. @default nothing */
  readonly tamper?: (engine: Engine, outputs: Outputs) => Promise<void>;
  /** @default the project's own */
  readonly redrive?: Redrive;
}

/**
 * Runs a case through the program, its bundles and the engine, and checks what came of it; then, with nothing going wrong any
 * more, redrives what was given up, and checks again.
 */
export async function runCase(
  one: Case,
  { dynamoDbEndpoint, redshift }: Emulators,
  { tamper = async () => {}, redrive = redriveAll }: RunOptions = {},
): Promise<Ran> {
  const logged: string[] = [];
  let faults = 0;
  const hook = seededFaults(one.faults.seed, one.faults.rules);
  let isMended = false;
  const counting: FaultHook = (call) => {
    if (isMended) return undefined;
    const fault = hook(call);
    if (fault !== undefined) faults++;
    return fault;
  };
  const engine = await unwarned(() =>
    up({
      ...stacks,
      dynamoDbEndpoint,
      ...(redshift && { redshift }),
      timeScale: 0.001,
      config: configuration(one),
      faults: counting,
      onProblem: (text) => logged.push(text),
    }),
  );
  try {
    const outputs = readOutputs(engine.outputs);
    let written = 0;
    for (const step of one.steps) written += await perform(step, one, engine, outputs.table, written);
    await settled(engine);
    await tamper(engine, outputs);
    const stack = verifiableStack(engine);
    const found = await check(one, engine, outputs, { stack });
    const ran = (redriven = 0, problems: readonly string[] = []): Ran => {
      const functions = [...engine.functions.values()];
      const invocations = functions.reduce((sum, { stats }) => sum + stats.invocations, 0);
      const all = [...found.problems, ...problems.map((problem) => `after a redrive: ${problem}`)];
      return { ...found, problems: all, invocations, faults, redriven, logged: [...logged, ...complaints(functions)] };
    };
    if (found.failureMessages === 0 || found.problems.length > 0) return ran();
    isMended = true;
    const result = await redrive(engine);
    await settled(engine);
    const left = await leftProblems(result, engine, outputs, found.changes);
    const { problems } = await check(one, engine, outputs, { stack, isRedriven: true });
    const redriven = result.consumers.reduce((sum, consumer) => sum + consumer.redriven, 0);
    return ran(redriven, [...left, ...problems]);
  } finally {
    await engine.down();
  }
}

/** Does one step, and says how many writes that were. */
async function perform(step: Step, one: Case, engine: Engine, TableName: string, written: number): Promise<number> {
  const { dynamodb } = engine.clients;
  switch (step.do) {
    case "put":
      await dynamodb.send(new PutItemCommand({ TableName, Item: itemOf(one.table, step.key, step.value, written) }));
      return 1;
    case "remove":
      await dynamodb.send(new DeleteItemCommand({ TableName, Key: keyOf(one.table, step.key) }));
      return 1;
    case "burst":
      return writeWorkload(dynamodb, TableName, { waves: burst(one.table, step, written) }, () => {});
    case "expire":
      await engine.expire();
      return 0;
    case "settle":
      await settled(engine);
      return 0;
  }
}

async function settled(engine: Engine): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`not all was delivered or given up after ${longestWait} ms`)),
    longestWait,
  );
  try {
    await Promise.race([engine.idle(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function complaints(functions: readonly { readonly name: string; readonly log: readonly string[] }[]): string[] {
  return functions.flatMap(({ name, log }) =>
    log
      .filter((line) => line.includes('"level":"WARN"') || line.includes('"level":"ERROR"'))
      .slice(-3)
      .map((line) => `${name}: ${line}`),
  );
}

/** The programs that are drawn have filters and reservations that a person would be warned of. Here they are meant. */
async function unwarned<Result>(work: () => Promise<Result>): Promise<Result> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
