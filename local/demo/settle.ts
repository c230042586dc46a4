import type { Outputs } from "../../operate/stack/outputs.ts";
import { counted } from "../../terminal/text.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Engine, Waiting } from "../engine/engine.ts";
import { lastReasonIn } from "./said.ts";

/** What of an engine is waited for. */
export type Settling = Pick<Engine, "functions" | "idle" | "waitingFor">;

/**
 * Waits until a stack has delivered all changes, showing how far its slowest destination is, and what keeps it.
 * @param changes how many there are
 * @throws UserError when nothing has moved for a minute
 */
export async function settle(
  engine: Settling,
  { destinations }: Pick<Outputs, "destinations">,
  changes: number,
  update: (detail: string) => void,
): Promise<void> {
  const namesOf = (functionName: string) =>
    Object.entries(destinations)
      .filter(([, destination]) => destination.function === functionName)
      .map(([name]) => name)
      .join(" and ");
  const show = () => {
    const waiting = engine.waitingFor();
    const settled = Math.min(...waiting.map((one) => one.settled));
    const [slowest] = waiting.filter(({ unsettled }) => unsettled > 0);
    const trouble = slowest && troubleOf(engine, slowest);
    const reasons = slowest && trouble ? [`${namesOf(slowest.functionName)}: ${trouble}`] : [];
    update([`${settled} of ${changes} changes settled everywhere`, ...reasons].join(" · "));
  };
  const onStuck = (waiting: readonly Waiting[]) => {
    const unsettled = waiting.filter((one) => one.unsettled > 0);
    const lines = unsettled.map((one) => {
      const trouble = troubleOf(engine, one);
      const last = trouble === undefined ? "" : `; its last error: ${trouble}`;
      return `  ${namesOf(one.functionName)}: ${counted(one.unsettled, "change")} not delivered${last}`;
    });
    throw new UserError(
      [
        "Nothing has been delivered for a minute.",
        ...lines,
        "Does what is delivered to exist, does it answer from this machine, and may the function use it? Mend what is missing, and start again.",
      ].join("\n"),
    );
  };
  const watch = setInterval(show, 200);
  try {
    await engine.idle({ onStuck });
  } finally {
    clearInterval(watch);
    show();
  }
}

/** What last went wrong for a function: what the function itself says of its last batch, or else what a service answered. */
function troubleOf({ functions }: Settling, { functionName, trouble }: Waiting): string | undefined {
  return lastReasonIn(functions.get(functionName)?.log ?? []) ?? trouble;
}
