import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { type FunctionFailure, failureOf } from "./failure.ts";
import { callWithCallback, type Handler, loadHandler, refuseCallback, unhandledRejection } from "./handler.ts";
import { workIn } from "./working-directory.ts";

/** What a worker is started with. */
export interface WorkerData {
  /** The folder with the function's code. */
  readonly directory: string;
  /** Lambda's handler string, such as `index.handler`. */
  readonly handler: string;
  /** Whether the runtime hands handlers a callback, as those before Node 24 do. */
  readonly callbacks: boolean;
}

/** One invocation, on its way in. Events and answers are text, as Lambda's own payloads are. */
export interface InvocationMessage {
  readonly event: string;
  /** When the function's time is up, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The plain part of the handler's context. */
  readonly context: Readonly<Record<string, string>>;
}

/** What a worker sends: once when its module is loaded, then once per invocation. */
export type WorkerMessage =
  | { readonly answer: string }
  | { readonly failure: FunctionFailure }
  | { readonly ready: true };

const port = parentPort;
if (port === null) throw new Error("function-worker.ts runs in a worker thread only");

const require = createRequire(import.meta.url);
/** The packages that Lambda includes. */
const included = /^@(aws-sdk|smithy)\//;

const { directory, handler, callbacks } = workerData as WorkerData;
includeSdk();
workIn(directory);
process.on("unhandledRejection", (reason) => {
  throw unhandledRejection(reason);
});
try {
  const handle = await loadHandler(directory, handler);
  if (!callbacks) refuseCallback(handle);
  port.on("message", async (invocation: InvocationMessage) => {
    const message = await run(handle, invocation);
    await Promise.all([process.stdout, process.stderr].map(flushed));
    port.postMessage(message);
  });
  port.postMessage({ ready: true } satisfies WorkerMessage);
} catch (error) {
  port.postMessage({ failure: failureOf(error) } satisfies WorkerMessage);
}

async function run(handle: Handler, { event, deadline, context }: InvocationMessage): Promise<WorkerMessage> {
  try {
    const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
    const call = callbacks ? callWithCallback : (one: Handler, ...args: [unknown, object]) => one(...args);
    const answer = await call(handle, JSON.parse(event), { ...context, getRemainingTimeInMillis });
    return { answer: JSON.stringify(answer) ?? "null" }; // JSON knows no functions, no symbols and no undefined
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/** Resolves when everything printed so far has arrived, so that an invocation's lines are logged before it ends. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

/**
 * Lets code that brings no AWS SDK of its own have this machine's, as Lambda's runtimes include one: from now on, in this thread.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
function includeSdk(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!included.test(specifier) || context.parentURL === import.meta.url) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        try {
          return context.conditions.includes("require")
            ? { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true }
            : next(specifier, { ...context, parentURL: import.meta.url });
        } catch {
          throw error; // the error of the function's own lookup says more
        }
      }
    },
  });
}
