import { type Handler, runtimeError } from "./load-handler.ts";

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
 * Calls a handler as the runtimes before Node 24 do: it answers by its promise or by its callback, and what else it returns is
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
