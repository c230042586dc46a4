import { type Bundle, bundleEntry } from "../parts/bundle-entry.ts";

/**
 * Bundles the handlers of some kinds into the function of one consumer, `index.handler`. The same kinds give the same
 * bytes, in any order and in any folder. What the function feeds and reads from is not in it: that is in `destinations.json`
 * and `source.json` beside it.
 */
export function bundle(kinds: readonly string[], folder?: string): Bundle {
  const sorted = [...new Set(kinds)].sort();
  const key = JSON.stringify([folder, sorted]);
  const files = bundled.get(key) ?? bundleEntry(entry(sorted), folder);
  bundled.set(key, files);
  return files;
}

// Consumers of the same kinds have the same code, and bundling takes longer than the rest of the program.
const bundled = new Map<string, Bundle>();

function entry(kinds: readonly string[]): string {
  return [
    'import { consumer } from "./core/consumer.ts";',
    'import destinations from "./destinations.json" with { type: "json" };',
    'import source from "./source.json" with { type: "json" };',
    ...kinds.map((kind, index) => `import { connect as connect${index} } from "./kinds/${kind}.ts";`),
    `export const handler = consumer({ ${kinds.map((kind, index) => `${JSON.stringify(kind)}: connect${index}`).join(", ")} }, destinations, source);`,
  ].join("\n");
}
