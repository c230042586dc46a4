import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** One row of the films of vega-datasets: real, and as messy as real data is (numeric titles, empty cells, duplicates). */
export type Film = Readonly<Record<string, string | number | null>>;

/** The 3,201 films, in the order of the file. */
export async function films(): Promise<readonly Film[]> {
  // The package exports its code alone, so the file is found beside it.
  const entry = fileURLToPath(import.meta.resolve("vega-datasets"));
  const root = entry.slice(0, entry.lastIndexOf("vega-datasets") + "vega-datasets".length);
  return JSON.parse(await readFile(`${root}/data/movies.json`, "utf8"));
}
