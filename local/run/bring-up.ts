import { setInterval } from "node:timers/promises";
import type { Progress } from "../../terminal/progress.ts";
import { counted } from "../../terminal/text.ts";
import { type Engine, type Progress as EngineProgress, type UpOptions, up } from "../engine/engine.ts";

/** Brings a program up, shows how far it is, and says what was made because the program expects to find it. */
export async function bringUp(what: string, progress: Progress, options: UpOptions): Promise<Engine> {
  const expected: string[] = [];
  const engine = await progress.step(`Bringing ${what} up`, (update) => {
    let resources = 0;
    return up({
      ...options,
      onProgress(event: EngineProgress) {
        if (event.kind === "resource") resources += 1;
        if (event.kind === "expected") expected.push(event.what);
        update(event.kind === "emulator" ? `${event.name} is up` : counted(resources, "resource"));
        options.onProgress?.(event);
      },
    });
  });
  for (const one of expected) process.stderr.write(`  expected to exist, so made here, empty: ${one}\n`);
  return engine;
}

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
