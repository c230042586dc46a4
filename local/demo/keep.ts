import { setInterval } from "node:timers/promises";
import type { Engine } from "../engine.ts";
import { invitation } from "./invitation.ts";

/** How often items may expire; DynamoDB takes longer, up to days. */
const expireEvery = 60_000;

/** Keeps a stack at its users' service until the signal: says how to reach it, and lets items expire. */
export async function keep(engine: Engine, signal: AbortSignal): Promise<void> {
  process.stderr.write(await invitation(engine));
  try {
    for await (const _ of setInterval(expireEvery, undefined, { signal })) await engine.expire();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
