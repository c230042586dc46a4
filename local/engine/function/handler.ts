import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export type Handler = (event: unknown, context: object, callback?: Callback) => unknown;
export type Callback = (error?: unknown, answer?: unknown) => void;

/** In the order in which Lambda's own runtime looks for them: a file without an extension comes first, and `.js` before `.mjs`. */
const extensions = ["", ".js", ".mjs", ".cjs"];

/**
 * Finds the function that a handler string such as `folder/index.api.handler` names, as Lambda's runtime for Node does: the
 * module's name ends at the first dot behind the last slash. Whether a file is an ES module or CommonJS is for Node to say,
 * by its extension, the package.json above it and its syntax.
 */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  if (handler.includes("..")) {
    throw runtimeError(
      "MalformedHandlerName",
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const [, folder = "", name, path = ""] = /^(.*\/)?([^./]*)\.(.*)$/.exec(handler) ?? [];
  if (name === undefined) throw runtimeError("MalformedHandlerName", "Bad handler");
  const module = await load(directory, folder, name);
  const found = dig(module, path) || dig((module as { default?: unknown } | undefined)?.default, path);
  if (!found) throw runtimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  if (typeof found !== "function") throw runtimeError("HandlerNotFound", `${handler} is not a function`);
  return found as Handler;
}

async function load(directory: string, folder: string, name: string): Promise<unknown> {
  const candidates = extensions.map((extension) => join(directory, folder, name + extension));
  const file = candidates.find((candidate) => existsSync(candidate)) ?? installed(directory, folder, name);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError) throw runtimeError("UserCodeSyntaxError", String(error), error.stack);
    if (code === "MODULE_NOT_FOUND") throw runtimeError("ImportModuleError", String(error));
    throw error;
  }
}

/** What is no file of the function's own can still be a package that it brings along. */
function installed(directory: string, folder: string, name: string): string {
  try {
    const { resolve } = createRequire(join(directory, "index.js"));
    return resolve(name, { paths: [directory, join(directory, folder)] });
  } catch {
    throw runtimeError("ImportModuleError", `Cannot find module '${folder}${name}'`);
  }
}

function dig(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce(
      (part, key) => (part === null || part === undefined ? undefined : (part as Record<string, unknown>)[key]),
      value,
    );
}

/**
 * Refuses a handler that wants a callback where the runtime has none: from Node 24 on, each invocation fails for it.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function refuseCallback(handle: Handler): void {
  if (handle.length < 3) return;
  throw runtimeError(
    "CallbackHandlerDeprecated",
    "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
  );
}

/**
 * Calls a handler as the runtimes before Node 24 do: it answers by its promise or by its callback, and anything else it returns is
 * ignored. That a handler without either ends when nothing is left to do is not imitated: it ends at once, with null.
 */
export function callWithCallback(handle: Handler, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown, answer?: unknown) =>
      error === undefined || error === null ? resolve(answer) : reject(error);
    const returned = handle(event, context, callback);
    if (isThenable(returned)) returned.then(resolve, reject);
    else if (handle.length < 3) resolve(null);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** What ends a function whose promise is rejected with nobody to hear of it. */
export function unhandledRejection(reason: unknown): Error {
  return runtimeError("UnhandledPromiseRejection", String(reason), reason instanceof Error ? reason.stack : undefined);
}

/** An error of Lambda's runtime itself. */
function runtimeError(type: string, message: string, stack?: string): Error {
  const error = new Error(message);
  error.name = `Runtime.${type}`;
  if (stack !== undefined) error.stack = stack;
  return error;
}
