import { type StreamFacts, unfitFilters } from "../../../infra/settings/unfit-filters.ts";

export const facts: StreamFacts = {
  view: "NEW_AND_OLD_IMAGES",
  keys: [
    { name: "id", type: "S" },
    { name: "at", type: "N" },
  ],
};

export const image = (fields: unknown) => ({ dynamodb: { NewImage: fields } });
export const old = (fields: unknown) => ({ dynamodb: { OldImage: fields } });
export const keys = (fields: unknown) => ({ dynamodb: { Keys: fields } });
export const n = (rule: unknown) => image({ n: { N: [rule] } });

/** What the settings say of a pattern; the paths of problems are those within it. */
export function told(pattern: unknown, of: StreamFacts = facts) {
  const { problems, warnings } = unfitFilters([JSON.stringify(pattern)], "filters", of);
  const lines = (some: typeof problems) =>
    some.map(({ path, message }) => `${path.slice("filters[0]".length)}: ${message}`);
  return { problems: lines(problems), warnings: warnings.map(({ path, message }) => `${path}: ${message}`) };
}

export const names = '"INSERT" or "MODIFY" or "REMOVE"';
export const noSingle = "here, since rules see single values only, and this is none; expected";
export const ofAnyType = "or another of the types S, N, B, BOOL, NULL, SS, NS, BS, M, L";
export const number = 'expected a number as text, in full and without needless zeros, such as ["42"]';
