import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildSync } from "esbuild";

/** The repository's root. Paths in the bundle are relative to it, so that it does not matter where a checkout is. */
const root = dirname(dirname(import.meta.dirname));

/** The files of a function, by name: its code and the code's source map. */
export type Bundle = Readonly<Record<"index.mjs" | "index.mjs.map", string>>;

/** What every function that is made of a bundle has in common. */
export const runsBundles = { runtime: "nodejs24.x", architectures: ["arm64"], handler: "index.handler" };

/** The files of a function, as Lambda gets them. */
export function archiveOf(files: Readonly<Record<string, string>>): pulumi.asset.AssetArchive {
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new pulumi.asset.StringAsset(text)])),
  );
}

/**
 * Bundles a module, given as text in the folder `handlers/`, into the code of a function. The same text gives the same
 * bytes, in any folder.
 */
export function bundleEntry(contents: string, folder = root): Bundle {
  const { outputFiles } = buildSync({
    stdin: {
      contents,
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
    // What only a stack knows lies beside the code.
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
