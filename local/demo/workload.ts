import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { KeyAttribute } from "../../operate/compare/items.ts";
import { type Random, seededRandom } from "../engine/seeded-random.ts";

/** One row of the films of vega-datasets: real, and as messy as real data is (numeric titles, empty cells, duplicates). */
export type Film = Readonly<Record<string, string | number | null>>;

/** The 3,201 films, in the order of the file. */
export async function films(): Promise<readonly Film[]> {
  // The package exports its code alone, so the file is found beside it.
  const entry = fileURLToPath(import.meta.resolve("vega-datasets"));
  const root = entry.slice(0, entry.lastIndexOf("vega-datasets") + "vega-datasets".length);
  return JSON.parse(await readFile(`${root}/data/movies.json`, "utf8"));
}

export type Item = Record<string, AttributeValue>;

/** One write: a whole item, or the deletion of a key. */
export type Write = { readonly put: Item } | { readonly remove: Item };

export interface Workload {
  /** Waves of writes: within a wave every key occurs once, so its writes may run side by side; waves follow each other. */
  readonly waves: readonly (readonly Write[])[];
  /** The key of the item with a string of `longString` bytes, which a warehouse refuses unless it has opted in. */
  readonly longStringKey: Item;
  /** Keys whose time to live has passed when the waves are written. */
  readonly expiring: readonly Item[];
}

export interface WorkloadOptions {
  readonly films: readonly Film[];
  readonly keySchema: readonly KeyAttribute[];
  /** The table's TTL attribute; without one nothing expires. */
  readonly ttlAttribute?: string | undefined;
  /** How many films are written; beyond the data set's end they start again under new keys. */
  readonly size: number;
  readonly seed: number;
  /** The present in seconds since the epoch: what expires has expired up to a day before. */
  readonly now: number;
}

const secondsADay = 86_400;

/** Bytes of the longest string: more than the 65,535 that a string in SUPER may have. */
export const longString = 70_000;

/**
 * The films as a life of a table: every film is inserted, half are updated one to four times, a tenth are deleted, half
 * of these come back, and a twentieth expire. One item holds every type that DynamoDB has, one what a warehouse refuses, and one
 * is larger as JSON than any message or row.
 */
export function workload({ films, keySchema, ttlAttribute, size, seed, now }: WorkloadOptions): Workload {
  const random = seededRandom(seed);
  const rows = Array.from({ length: size }, (_, index) => item(films[index % films.length]!, keyOf(keySchema, index)));
  const key = (index: number) => keyOf(keySchema, index);
  const tooLong = {
    ...key(size),
    Title: { S: "The Film with the Long Script" },
    Script: { S: "INT. ".repeat(longString / 5) },
  };
  const updates = updateWaves(rows, random);
  const half = Math.ceil(updates.length / 2);
  const deleted = rows.map((_, index) => index).filter(() => random() < 0.1);
  const returning = deleted.filter(() => random() < 0.5);
  const gone = new Set(deleted);
  const expiring =
    ttlAttribute === undefined ? [] : rows.map((_, i) => i).filter((i) => !gone.has(i) && random() < 0.05);
  const waves: Write[][] = [
    rows.map((put) => ({ put })),
    ...updates.slice(0, half),
    [
      { put: tooLong },
      { put: { ...everyType(), ...key(size + 1) } },
      { put: { ...oversize(random), ...key(size + 2) } },
    ],
    ...updates.slice(half),
    deleted.map((index) => ({ remove: key(index) })),
    returning.map((index) => ({ put: rows[index]! })),
    expiring.map((index) => ({
      put: { ...rows[index]!, [ttlAttribute!]: { N: String(now - 1 - (index % secondsADay)) } },
    })),
  ];
  return { waves: waves.filter((wave) => wave.length > 0), longStringKey: key(size), expiring: expiring.map(key) };
}

function updateWaves(rows: readonly Item[], random: Random): Write[][] {
  const times = rows.map(() => (random() < 0.5 ? 1 + Math.floor(random() * 4) : 0));
  return [1, 2, 3, 4].map((wave) =>
    rows.flatMap((row, index) => (times[index]! >= wave ? [{ put: updated(row, wave, random) }] : [])),
  );
}

function updated(row: Item, wave: number, random: Random): Item {
  const rating = (random() * 10).toFixed(1);
  const votes = 1 + Math.floor(random() * 1_000_000);
  return {
    ...row,
    "IMDB Rating": { N: rating },
    "IMDB Votes": { N: String(votes) },
    revision: { N: String(wave) },
    ratings: { L: [{ M: { source: { S: "imdb" }, value: { N: rating }, exact: { BOOL: wave % 2 === 0 } } }] },
    tags: { SS: ["updated", `wave-${wave}`] },
  };
}

function item(film: Film, key: Item): Item {
  return { ...marshall(film), ...key };
}

function keyOf(schema: readonly KeyAttribute[], index: number): Item {
  const text = `film-${String(index + 1).padStart(6, "0")}`;
  const value = { S: { S: text }, N: { N: String(index + 1) }, B: { B: Buffer.from(text) } };
  return Object.fromEntries(schema.map(({ name, type }) => [name, value[type]]));
}

/** What a copy most easily gets wrong: numbers beyond a double, sets, binaries, emptiness, and unusual characters. */
function everyType(): Item {
  return {
    Title: { S: "Éverything 🎬 \uffff" },
    digits: { N: "12345678901234567890123456789012345678" },
    fraction: { N: "-0.00000000000000000000000000000000000012" },
    numbers: { NS: ["1", "2.5", "99999999999999999999999999999999999999"] },
    words: { SS: ["one", "two"] },
    bytes: { B: Uint8Array.of(0, 255, 10) },
    binaries: { BS: [Uint8Array.of(1), Uint8Array.of(0, 0)] },
    empty: { S: "" },
    nothing: { NULL: true },
    yes: { BOOL: true },
    nested: { M: { list: { L: [{ M: { deep: { L: [] } } }, { N: "0.1" }] }, map: { M: {} } } },
  };
}

/** 330 KB to DynamoDB, whose limit is 400, and 1.1 MB as DynamoDB JSON: a film with everybody's rating. */
function oversize(random: Random): Item {
  return {
    Title: { S: "The Film That Everybody Rated" },
    ratings: { L: Array.from({ length: 110_000 }, () => ({ N: String(Math.floor(random() * 10)) })) },
  };
}
