import { counted } from "../../../terminal/text.ts";
import { settledIn } from "../mapping/stats.ts";
import { type Clock, systemClock } from "../waiting.ts";
import type { World } from "./world.ts";

/** How far a mapping is. */
export interface Waiting {
  readonly functionName: string;
  /** Changes that are accepted, filtered out or given up. */
  readonly settled: number;
  /** Changes that it has read, and not settled. */
  readonly unsettled: number;
  /** What last went wrong in its way: of the function's calls of AWS, or of its invocations. */
  readonly trouble: string | undefined;
}

/** What of a world is looked at. */
type Watched = Pick<World, "mappings" | "functions" | "firehose" | "broken" | "onProblem"> & {
  readonly gateway: Pick<World["gateway"], "meters">;
};

export interface IdleOptions {
  /**
   * Called when nothing has moved for a minute, once until something moves again, with how far every mapping is and that in words.
   * What it throws ends the waiting. @default it is told as a problem, and waited on
   */
  onStuck?(waiting: readonly Waiting[], text: string): void;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** For how long nothing must have moved, in milliseconds. */
const quietTime = 60_000;

/** Resolves when nothing is under way or buffered anywhere; rejects if that can never be, because an emulator ended. */
export async function untilIdle(world: Watched, options: IdleOptions = {}): Promise<void> {
  const { clock = systemClock, onStuck = (_, text) => world.onProblem(text) } = options;
  const done = new AbortController();
  const watching = watch(world, onStuck, clock, done.signal);
  try {
    await Promise.race([settle(world), world.broken, watching.then(() => new Promise<never>(() => {}))]);
  } finally {
    done.abort();
  }
}

/** How far every mapping is, first the one that has the most to do. */
export function waitingFor({ mappings, gateway }: Pick<Watched, "mappings" | "gateway">): readonly Waiting[] {
  const failing = gateway.meters().filter(({ caller, lastError }) => caller.kind === "function" && lastError);
  return [...mappings.values()]
    .map(({ functionName, mapping }) => {
      const call = failing.find(({ caller }) => caller.name === functionName);
      const trouble = call === undefined ? mapping.trouble : `${call.service} ${call.operation}: ${call.lastError}`;
      const settled = settledIn(mapping.stats);
      return { functionName, settled, unsettled: mapping.stats.polled - settled, trouble };
    })
    .sort((a, b) => b.unsettled - a.unsettled || a.settled - b.settled);
}

/** What is still waited for, for a person. */
export function stuck(waiting: readonly Waiting[]): string {
  const unsettled = waiting.filter((one) => one.unsettled > 0);
  const lines = unsettled.map(({ functionName, unsettled, trouble }) => {
    const changes = `${counted(unsettled, "change")} ${unsettled === 1 ? "is" : "are"} not settled`;
    return `  ${functionName}: ${changes}${trouble === undefined ? "" : `; last error: ${trouble}`}`;
  });
  const none = "  no change in particular: a tumbling window may be open, or a delivery under way";
  return ["Nothing has moved for a minute. Still waited for:", ...(lines.length > 0 ? lines : [none])].join("\n");
}

/**
 * Resolves when every mapping has settled all changes and Firehose has loaded all that it was given. What one of them
 * does may give work to another, so it asks all of them again until a whole round finds nothing new.
 */
async function settle(world: Watched): Promise<void> {
  let before: number;
  do {
    before = invocations(world);
    await Promise.all([...world.mappings.values()].map(({ mapping }) => mapping.idle()));
    await (await world.firehose.ifStarted())?.firehose.idle();
  } while (invocations(world) !== before);
}

function invocations(world: Watched): number {
  let sum = 0;
  for (const { stats } of world.functions.values()) sum += stats.invocations + stats.refused;
  return sum;
}

async function watch(
  world: Watched,
  onStuck: NonNullable<IdleOptions["onStuck"]>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let told = false;
  for (let before = figuresOf(world); ; ) {
    await clock.sleep(quietTime, signal);
    if (signal.aborted) return;
    const now = figuresOf(world);
    const moved = hasMoved(before, now);
    const waiting = waitingFor(world);
    if (!moved && !told) onStuck(waiting, stuck(waiting));
    told = !moved;
    before = now;
  }
}

interface Figures {
  /** Changes that are settled. */
  readonly settled: number;
  /** The functions' calls of AWS that succeeded, and that did not, by function. */
  readonly calls: ReadonlyMap<string, { readonly succeeded: number; readonly failed: number }>;
}

function figuresOf({ mappings, gateway }: Watched): Figures {
  const calls = new Map<string, { succeeded: number; failed: number }>();
  for (const { caller, calls: all, errors } of gateway.meters()) {
    if (caller.kind !== "function" && caller.kind !== "firehose") continue;
    const { succeeded, failed } = calls.get(caller.name) ?? { succeeded: 0, failed: 0 };
    calls.set(caller.name, { succeeded: succeeded + all - errors, failed: failed + errors });
  }
  return { settled: [...mappings.values()].reduce((sum, { mapping }) => sum + settledIn(mapping.stats), 0), calls };
}

/** Whether changes were settled, or somebody made calls that all succeeded: one whose calls fail may repeat others for ever. */
function hasMoved(before: Figures, now: Figures): boolean {
  if (now.settled > before.settled) return true;
  return [...now.calls].some(([name, { succeeded, failed }]) => {
    const earlier = before.calls.get(name) ?? { succeeded: 0, failed: 0 };
    return succeeded > earlier.succeeded && failed === earlier.failed;
  });
}
