import { parentPort, workerData } from "node:worker_threads";
import { callWithCallback, refuseCallback } from "./call-handler.ts";
import { type FunctionFailure, failureOf } from "./failure.ts";
import { includeSdk } from "./included-sdk.ts";
import { type Handler, loadHandler } from "./load-handler.ts";

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
export interface Work {
  readonly event: string;
  /** When the function's time is up, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The plain part of the handler's context. */
  readonly context: Readonly<Record<string, string>>;
}

/** What a worker says: once when its module is loaded, then once per invocation. */
export type Word = { readonly answer: string } | { readonly failure: FunctionFailure } | { readonly ready: true };

const port = parentPort;
if (port === null) throw new Error("function-worker.ts runs in a worker thread only");

const { directory, handler, callbacks } = workerData as WorkerData;
includeSdk();
try {
  const handle = await loadHandler(directory, handler);
  if (!callbacks) refuseCallback(handle);
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
