import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { type FunctionFailure, failureOf } from "./failure.ts";

/** What a worker is started with. */
export interface WorkerData {
  /** The folder with the function's code. */
  readonly directory: string;
  /** Lambda's handler string, such as `index.handler`. */
  readonly handler: string;
}

/** One invocation, on its way in. Events and answers are text, as Lambda's own payloads are. */
export interface Work {
  readonly event: string;
  /** When the function's time is up, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The plain part of the handler's context. */
  readonly context: Readonly<Record<string, string>>;
}

/** What a worker says: once when its module is loaded, then once per invocation. */
export type Word = { readonly answer: string } | { readonly failure: FunctionFailure } | { readonly ready: true };

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null) throw new Error("function-worker.ts runs in a worker thread only");

try {
  const handle = await load(workerData as WorkerData);
  port.on("message", async (work: Work) => {
    const word = await run(handle, work);
    await Promise.all([process.stdout, process.stderr].map(flushed));
    port.postMessage(word);
  });
  port.postMessage({ ready: true } satisfies Word);
} catch (error) {
  port.postMessage({ failure: failureOf(error) } satisfies Word);
}

async function run(handle: Handler, { event, deadline, context }: Work): Promise<Word> {
  try {
    const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
    const answer = await handle(JSON.parse(event), { ...context, getRemainingTimeInMillis });
    return { answer: JSON.stringify(answer) ?? "null" }; // JSON knows no functions, no symbols and no undefined
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/** Resolves when everything printed so far has arrived, so that an invocation's lines are logged before it ends. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

/** Finds `directory/module.function` as Lambda does: the module's name ends at the first dot behind the last slash. */
async function load({ directory, handler }: WorkerData): Promise<Handler> {
  const [, folder = "", name = "", path = ""] = /^(.*\/)?([^./]+)\.(.+)$/.exec(handler) ?? [];
  const file = [".js", ".mjs", ".cjs"]
    .map((extension) => join(directory, folder, name + extension))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) throw runtimeError("ImportModuleError", `Cannot find module '${folder}${name}'`);
  const module = await import(pathToFileURL(file).href);
  const found = dig(module, path) ?? dig(module.default, path);
  if (typeof found !== "function") throw runtimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  return found as Handler;
}

function dig(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce(
      (part, key) => (part === null || part === undefined ? undefined : (part as Record<string, unknown>)[key]),
      value,
    );
}

function runtimeError(type: string, message: string): Error {
  const error = new Error(message);
  error.name = `Runtime.${type}`;
  return error;
}
