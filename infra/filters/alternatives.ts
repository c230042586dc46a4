import { isObject } from "../is-object.ts";
import { objects } from "./demands.ts";

type Pattern = Readonly<Record<string, unknown>>;

/** A rule of a list, or an alternative of an `$or`, beside others. */
export interface Alternative {
  /** Where it stands in the pattern. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The alternatives of a pattern that are idle, without those within idle ones. */
export function idleAlternatives(
  pattern: Pattern,
  isIdle: (pattern: Pattern, alternative: Alternative) => boolean,
): readonly Alternative[] {
  return within(pattern, [], (whole) => whole, isIdle);
}

/** @param whole the whole pattern, for one that takes this one's place */
function within(
  pattern: Pattern,
  path: Alternative["path"],
  whole: (pattern: Pattern) => Pattern,
  isIdle: (pattern: Pattern, alternative: Alternative) => boolean,
): readonly Alternative[] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    const here = [...path, key];
    const instead = (other: unknown) => whole({ ...pattern, [key]: other });
    if (key === "$or")
      return objects(value).flatMap((one, index) => {
        const alternative = { path: [...here, index], value: one };
        const alone = (other: Pattern) => instead([other, other]); // AWS wants two
        return isIdle(alone(one), alternative) ? [alternative] : within(one, alternative.path, alone, isIdle);
      });
    if (Array.isArray(value))
      return value.length === 1
        ? []
        : value
            .map((rule) => ({ path: here, value: rule }))
            .filter((alternative) => isIdle(instead([alternative.value]), alternative));
    return isObject(value) ? within(value, here, instead, isIdle) : [];
  });
}
