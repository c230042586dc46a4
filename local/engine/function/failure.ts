import type { Fault } from "../gateway/fault.ts";

/** The failure of a function, as Lambda reports it to the caller. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What Lambda makes of something that was thrown. */
export function failureOf(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

/**
 * The failure as its caller learns of it: what Lambda itself says of an invocation begins with the invocation's id, as recorded in
 * https://github.com/floci-io/floci/issues/3314.
 */
export function failureOfRequest(failure: FunctionFailure, requestId: string): FunctionFailure {
  if (failure.errorType !== timeoutType && failure.errorType !== exitType) return failure;
  return { ...failure, errorMessage: `RequestId: ${requestId} Error: ${failure.errorMessage}` };
}

/** A fault that keeps an invocation from its caller: what the caller learns, and whether the function runs all the same. */
export interface Refusal {
  readonly reason: string;
  readonly effect: boolean;
}

/** Why an invocation is refused, or its answer lost, for its caller; undefined if the fault is none of these. */
export function refusalOf(fault: Fault | undefined): Refusal | undefined {
  switch (fault?.kind) {
    case "error":
      return { reason: `${fault.error.code}: ${fault.error.message}`, effect: fault.effect ?? false };
    case "reset":
      return { reason: "the connection to Lambda was reset", effect: fault.effect ?? false };
    case "silence": // a caller gives up at some time, and learns as little
      return { reason: "Lambda did not answer", effect: fault.effect ?? false };
  }
  return undefined;
}

/** How an invocation ends for the function that it reaches; undefined if the fault has no such end in it. */
export function endingOf(fault: Fault | undefined, timeoutSeconds: number): FunctionFailure | undefined {
  if (fault?.kind !== "ending") return undefined;
  return fault.ending === "timeout" ? timedOut(timeoutSeconds * 1000) : exited(1);
}

/** The failure of a function whose time was up. */
export function timedOut(timeout: number): FunctionFailure {
  return { errorType: timeoutType, errorMessage: `Task timed out after ${(timeout / 1000).toFixed(2)} seconds` };
}

/** The failure of a function whose process ended. */
export function exited(code: number): FunctionFailure {
  return { errorType: exitType, errorMessage: `Runtime exited with error: exit status ${code}` };
}

/** The failure of a function whose answer has too many bytes. */
export function responseTooLarge(answer: string, limit: number): FunctionFailure {
  return {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size (${Buffer.byteLength(answer)} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  };
}

export const timeoutType = "Sandbox.Timedout";
const exitType = "Runtime.ExitError";
