import type { World } from "./world.ts";

/** Resolves when nothing is under way or buffered anywhere; rejects if that can never be, because an emulator ended. */
export function quiesce(world: World): Promise<void> {
  return Promise.race([settle(world), world.broken]);
}

/**
 * Resolves when every mapping has settled all changes and Firehose has loaded all that it was given. What one of them
 * does may give work to another, so it asks all of them again until a whole round finds nothing new.
 */
async function settle(world: World): Promise<void> {
  let before: number;
  do {
    before = invocations(world);
    await Promise.all([...world.mappings.values()].map(({ mapping }) => mapping.idle()));
    await (await world.firehose.ifStarted())?.firehose.idle();
  } while (invocations(world) !== before);
}

function invocations(world: World): number {
  let sum = 0;
  for (const { stats } of world.functions.values()) sum += stats.invocations + stats.refused;
  return sum;
}
