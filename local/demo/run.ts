import { performance } from "node:perf_hooks";
import { hashOf, keySchemaOf } from "../../operate/compare/items.ts";
import { redrive } from "../../operate/redrive/redrive.ts";
import { readOutputs } from "../../operate/stack/outputs.ts";
import { onThisMachine } from "../../operate/stack/running.ts";
import type { Progress } from "../../terminal/progress.ts";
import type { Engine } from "../engine/engine.ts";
import type { EngineEvent } from "../engine/events.ts";
import { bringUp } from "../run/bring-up.ts";
import type { Arguments } from "./arguments.ts";
import { checkDestinations } from "./check-destinations.ts";
import { mend } from "./mend.ts";
import type { Result } from "./report.ts";
import { runCost } from "./run-cost.ts";
import { settle } from "./settle.ts";
import { verifiableStack } from "./verifiable-stack.ts";
import { films, workload } from "./workload.ts";
import { writeWorkload } from "./write-workload.ts";

/** Everything that only waits does so sixty times as fast: 15 minutes of buffering are 15 seconds. */
const timeScale = 1 / 60;

/**
 * Brings a stack up on this machine.
 * @param onEvent called with what happens while it runs
 */
export function start(
  stack: string,
  progress: Progress,
  signal: AbortSignal,
  onEvent: (event: EngineEvent) => void,
): Promise<Engine> {
  return bringUp(`stack ${stack}`, progress, { stack, signal, timeScale, onEvent });
}

/**
 * Writes the films to the source, waits until all is delivered, and verifies every destination. What one of them refused is
 * then redriven, once the destination is mended, and everything is verified again.
 */
export async function run(engine: Engine, options: Arguments, progress: Progress): Promise<Result> {
  const outputs = readOutputs(engine.outputs);
  const { dynamodb } = engine.clients;
  const keySchema = await keySchemaOf(dynamodb, outputs.table);
  const plan = workload({
    films: await films(),
    keySchema,
    ttlAttribute: engine.timeToLive.get(outputs.table),
    size: options.films,
    seed: options.seed,
    now: Math.floor(Date.now() / 1000),
  });
  const began = performance.now();
  const total = plan.waves.flat().length;
  const written = await progress.step("Writing the films", (update) =>
    writeWorkload(dynamodb, outputs.table, plan, (writes) => update(`${writes} of ${total} writes`)),
  );
  const expired = await progress.step("Letting items expire", async () => {
    const deleted = (await engine.expire())[outputs.table] ?? 0;
    if (deleted !== plan.expiring.length) {
      throw new Error(`${plan.expiring.length} items should have expired, but ${deleted} did`);
    }
    return deleted;
  });
  const changes = written + expired;
  await progress.step("Waiting until all is delivered", (update) => settle(engine, outputs, changes, update));
  const seconds = (performance.now() - began) / 1000;
  const check = { longString: hashOf(plan.longStringKey, keySchema), stack: verifiableStack(engine) };
  const destinations = await progress.step("Verifying", () => checkDestinations(engine, outputs, check));
  const cost = runCost(engine, outputs, { changes, seconds });
  const result = { stack: options.stack, changes, seconds, destinations, cost };
  const mended = await mend(engine, outputs);
  if (Object.keys(mended).length === 0) return result;
  const redriven = await redrive(onThisMachine(engine, options.stack), {}, progress);
  await settle(engine, outputs, changes, () => {}); // Firehose has what was redriven; the warehouse gets it with the next load
  const after = await progress.step("Verifying again", () => checkDestinations(engine, outputs, check));
  return { ...result, redrive: { mended, consumers: redriven.consumers, destinations: after } };
}
