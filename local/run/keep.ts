import { setInterval } from "node:timers/promises";
import type { Engine } from "../engine/engine.ts";

/** How often items may expire; DynamoDB takes longer, up to days. */
const expireEvery = 60_000;

/** Keeps a stack at its users' service until the signal, and lets items expire. Rejects if one of its mappings fails. */
export async function keep(engine: Engine, signal: AbortSignal): Promise<void> {
  const failures = [...engine.mappings.values()].map(({ mapping }) => mapping.failed);
  await Promise.race([expiring(engine, signal), ...failures]);
}

async function expiring(engine: Engine, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(expireEvery, undefined, { signal })) await engine.expire();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
