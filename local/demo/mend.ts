import type { Outputs } from "../../operate/stack/outputs.ts";
import { type Settings, verificationOf } from "../../operate/verify/verification.ts";
import type { Engine } from "../engine/engine.ts";

/** A destination as its function knows it. */
interface Connected {
  readonly kind: string;
  readonly settings: Settings;
}

/** What a function is connected with, by destination: the variable that the program gives it. */
export function connections(engine: Engine, functionName: string): Readonly<Record<string, Connected>> {
  return JSON.parse(engine.functions.get(functionName)!.environment.DESTINATIONS!);
}

/** Whether one of the destinations that a function feeds refuses the workload's long string. */
export async function refusesLongString(engine: Engine, functionName: string): Promise<boolean> {
  for (const { kind, settings } of Object.values(connections(engine, functionName))) {
    if ((await verificationOf(kind)).mend?.needed(settings)) return true;
  }
  return false;
}

/**
 * Mends every destination that refuses the workload's long string, as an operator would: the destination itself, and the
 * settings of the function that feeds it, as an update of the stack does. Answers with what was done, by destination.
 */
export async function mend(engine: Engine, { destinations }: Outputs): Promise<Readonly<Record<string, string>>> {
  const done: Record<string, string> = {};
  for (const [name, { kind, function: functionName }] of Object.entries(destinations)) {
    const all = connections(engine, functionName);
    const { settings } = all[name]!;
    const { mend } = await verificationOf(kind);
    if (!mend?.needed(settings)) continue;
    const target = engine.functions.get(functionName)!;
    const mended = { ...all, [name]: { kind, settings: mend.apply(engine, settings) } };
    await target.configure({ ...target.environment, DESTINATIONS: JSON.stringify(mended) });
    done[name] = mend.what;
  }
  return done;
}
