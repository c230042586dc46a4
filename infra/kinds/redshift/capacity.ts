import type { Settings } from "./settings.ts";

/** The new warehouse's capacity in RPUs. Unless the settings say so it does not grow: its price per second stays known. */
export function capacity(settings: Pick<Settings, "baseCapacity" | "maxCapacity">): { base: number; max: number } {
  const base = settings.baseCapacity ?? 8;
  return { base, max: settings.maxCapacity ?? Math.max(8, base) };
}
