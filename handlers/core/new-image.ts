import type { Change } from "./contract.ts";

/**
 * Why a destination that shows items cannot take the change, if so: it does not carry the item, as on a stream of another
 * view type, or in a record that says nothing of its view type. Taken for a change to nothing, it would show an empty item.
 */
export function lacksNewImage({ operation, after }: Change): string | undefined {
  if (operation === "REMOVE" || after !== undefined) return undefined;
  return "It has no new image; the source's stream must have one (NEW_IMAGE or NEW_AND_OLD_IMAGES).";
}
