import { dirname } from "node:path";
import { buildSync } from "esbuild";

/** The repository's root. Paths in the bundle are relative to it, so that it does not matter where a checkout is. */
const root = dirname(dirname(import.meta.dirname));

/** The files of a function's code, by name. What it feeds and reads from is not among them: it is in `destinations.json` and `source.json` beside them. */
type Bundle = Readonly<Record<"index.mjs" | "index.mjs.map", string>>;

/**
 * Bundles the handlers of some kinds into the function of one consumer, `index.handler`. The same kinds give the same
 * bytes, in any order and in any folder.
 */
export function bundle(kinds: readonly string[], folder = root): Bundle {
  const sorted = [...new Set(kinds)].sort();
  const key = JSON.stringify([folder, sorted]);
  const files = bundled.get(key) ?? build(sorted, folder);
  bundled.set(key, files);
  return files;
}

// Consumers of the same kinds have the same code, and bundling takes longer than the rest of the program.
const bundled = new Map<string, Bundle>();

function build(kinds: readonly string[], folder: string): Bundle {
  const { outputFiles } = buildSync({
    stdin: {
      contents: entry(kinds),
      resolveDir: `${folder}/handlers`,
      sourcefile: "entry.ts",
      loader: "ts",
    },
    absWorkingDir: folder,
    outfile: "index.mjs",
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    // Names of functions and classes appear in logs and in the SDK's errors.
    keepNames: true,
    external: ["./destinations.json", "./source.json"],
    legalComments: "none",
    sourcemap: "linked",
    // Where a stack trace points to is enough: the sources themselves would make the map ten times larger.
    sourcesContent: false,
    logLevel: "silent",
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf("/") + 1), text]),
  ) as Bundle;
}

function entry(kinds: readonly string[]): string {
  return [
    'import { consumer } from "./core/consumer.ts";',
    'import destinations from "./destinations.json" with { type: "json" };',
    'import source from "./source.json" with { type: "json" };',
    ...kinds.map((kind, index) => `import { connect as connect${index} } from "./kinds/${kind}.ts";`),
    `export const handler = consumer({ ${kinds.map((kind, index) => `${JSON.stringify(kind)}: connect${index}`).join(", ")} }, destinations, source);`,
  ].join("\n");
}
