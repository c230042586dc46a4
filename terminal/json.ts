/**
 * What the numbers of a result count or measure, by their place, such as `consumers.messages`: a list has the place of each of
 * its members, and where an object's keys are names, its place stands for all of them.
 */
export type UnitsByPlace = Readonly<Record<string, string>>;

/** A result for machines: whether all is as it should be, what its numbers count or measure, and the result itself. */
export function jsonResult(ok: boolean, units: UnitsByPlace, result: object): string {
  return JSON.stringify({ ok, units, ...result }, null, 2);
}

/** The same units of what lies deeper. */
export function unitsBelow(place: string, units: UnitsByPlace): UnitsByPlace {
  return Object.fromEntries(Object.entries(units).map(([name, unit]) => [`${place}.${name}`, unit]));
}
