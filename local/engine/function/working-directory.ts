import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";

type Call = (...args: unknown[]) => unknown;

/** Which arguments are paths; of all others the first one is, where it is a text. */
const paths: Readonly<Record<string, readonly number[]>> = {
  copyFile: [0, 1],
  cp: [0, 1],
  link: [0, 1],
  rename: [0, 1],
  symlink: [1],
  glob: [],
};

/**
 * Has this thread work in a folder: relative paths of `node:fs` and what `process.cwd()` says. A thread shares its process's folder
 * and cannot change it, but a function's is that of its code.
 */
export function workIn(folder: string): void {
  process.cwd = () => folder;
  for (const module of [fs, fs.promises] as unknown as Record<string, unknown>[]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== "function" || !/^[a-z]/.test(name)) continue;
      const places = paths[name.replace(/Sync$/, "")] ?? [0];
      const call = value as Call;
      const within = function (this: unknown, ...args: unknown[]) {
        for (const place of places) {
          const path = args[place];
          if (typeof path === "string") args[place] = resolve(folder, path);
        }
        return call.apply(this, args);
      };
      module[name] = Object.assign(within, call);
    }
  }
  syncBuiltinESMExports();
}
