import type { Outputs } from "../../operate/stack/outputs.ts";
import type { Engine } from "../engine/engine.ts";
import { kinds } from "../kinds.ts";
import { connections, reconnect } from "./verifiable-stack.ts";
import { longString } from "./workload.ts";

/** Whether one of the destinations that a function feeds refuses the workload's long string. */
export function refusesLongString(engine: Engine, functionName: string): boolean {
  return Object.values(connections(engine, functionName)).some(({ kind, settings }) =>
    kinds[kind].mend?.isNeeded(settings, longString),
  );
}

/**
 * Mends every destination that refuses the workload's long string, as an operator would: the destination itself, and the
 * settings of the function that feeds it, as an update of the stack does. Answers with what was done, by destination.
 */
export async function mend(engine: Engine, { destinations }: Outputs): Promise<Readonly<Record<string, string>>> {
  const done: Record<string, string> = {};
  for (const [name, { function: functionName }] of Object.entries(destinations)) {
    const { kind, settings } = connections(engine, functionName)[name]!;
    const { mend } = kinds[kind];
    if (!mend?.isNeeded(settings, longString)) continue;
    await reconnect(engine, functionName, name, mend.apply(engine, settings));
    done[name] = mend.what;
  }
  return done;
}
