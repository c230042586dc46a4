import type { UnitsByPlace } from "../../terminal/json.ts";

/** The places of a result's numbers, as `UnitsByPlace` has them, that have no unit. */
export function numbersWithoutUnit(result: unknown, units: UnitsByPlace): readonly string[] {
  return [...new Set(numbersBelow(result, []))].filter((place) => {
    const above = place.slice(0, Math.max(0, place.lastIndexOf(".")));
    return units[place] === undefined && units[above] === undefined;
  });
}

function numbersBelow(value: unknown, place: readonly string[]): readonly string[] {
  if (typeof value === "number") return [place.join(".")];
  if (Array.isArray(value)) return value.flatMap((one) => numbersBelow(one, place));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => numbersBelow(one, [...place, name]));
}
