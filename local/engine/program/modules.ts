import { statSync } from "node:fs";
import { createRequire, type ResolveFnOutput, registerHooks } from "node:module";
import { isAbsolute } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const sdk = "@pulumi/pulumi";
/** The part of the SDK that looks up the packages of a function that is made of a callback. */
const packagesOfCallbacks = pathToFileURL(require.resolve(`${sdk}/runtime/closure/package.js`)).href;

/** What a relative import may leave out; `.js` may stand for the TypeScript that it would be compiled from. */
const completions: readonly ((specifier: string) => string)[] = [
  (specifier) => `${specifier}.ts`,
  (specifier) => `${specifier}.js`,
  (specifier) => `${specifier.replace(/\/$/, "")}/index.ts`,
  (specifier) => `${specifier.replace(/\/$/, "")}/index.js`,
  (specifier) => specifier.replace(/\.([mc]?)js$/, ".$1ts"),
];

/** The modules of one run of a program. */
export interface Modules {
  /** What to import: the program's file. */
  readonly url: string;
  /** Ends the run's rules; call it once nothing more is loaded. */
  release(): void;
}

/**
 * Finds the modules of a program, wherever it is, from now on until it is released:
 * - `@pulumi/pulumi` is always the engine's own: it listens to that copy, and to no other that the program may have;
 * - further packages of Pulumi are the program's, or else the engine's, so that a program needs no packages of its own;
 * - so are the packages that a callback uses of which a function is made;
 * - a relative import may leave its extension out, as programs that are compiled do;
 * - the program's own files are loaded anew in each run, because they make resources at their top level.
 * @param file its real path, without symbolic links
 * @param run distinguishes this run from others
 */
export function modulesOf(file: string, run: string): Modules {
  const mark = `?run=${run}`;
  const program = createRequire(file);
  const required = new Set<string>([file]);
  const isOwn = (address: string) => address.endsWith(mark) || required.has(pathOf(address));
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL ?? "";
      if (parent === import.meta.url) return next(specifier, context);
      if (parent === packagesOfCallbacks && !isAbsolute(specifier))
        return orElse<ResolveFnOutput>(
          () => ({ url: pathToFileURL(program.resolve(specifier)).href, shortCircuit: true }),
          () => next(specifier, context),
        );
      if (specifier === sdk || specifier.startsWith(`${sdk}/`)) return engineCopy(specifier);
      if (specifier.startsWith("@pulumi/"))
        return orElse(
          () => next(specifier, context),
          () => engineCopy(specifier),
        );
      if (!isOwn(parent) || !/^\.{0,2}\//.test(specifier)) return next(specifier, context);
      const found = next(completed(specifier, parent), context);
      if (!found.url.startsWith("file:") || found.url.includes("/node_modules/")) return found;
      required.add(pathOf(found.url));
      // What CommonJS loads is known by its path alone, and is forgotten when the run is over.
      return context.conditions.includes("require") ? found : { ...found, url: `${found.url}${mark}` };
    },
  });
  return {
    url: `${pathToFileURL(file).href}${mark}`,
    release() {
      hooks.deregister();
      for (const path of required) delete require.cache[path];
    },
  };
}

function engineCopy(specifier: string) {
  return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
}

/** The program's own copy is taken first; where neither side has one, the program's error says more than the engine's. */
function orElse<T>(theirs: () => T, ours: () => T): T {
  try {
    return theirs();
  } catch (error) {
    try {
      return ours();
    } catch {
      throw error;
    }
  }
}

function completed(specifier: string, parent: string): string {
  const exists = (path: string) => statSync(new URL(path, parent), { throwIfNoEntry: false })?.isFile() === true;
  return [(path: string) => path, ...completions].map((complete) => complete(specifier)).find(exists) ?? specifier;
}

function pathOf(address: string): string {
  return address.startsWith("file:") ? fileURLToPath(address) : address;
}
