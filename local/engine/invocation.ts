/** An invocation that reached the function's code. */
export interface Invocation {
  /** The function's response, parsed; if the invocation failed, what Lambda says about the error. */
  readonly payload: unknown;
  /** How the invocation failed; null if it did not. */
  readonly functionError: "Unhandled" | "Handled" | null;
  readonly requestId: string;
}

/**
 * An invocation that did not reach the function's code: throttled, no concurrency left, or an error of the service.
 * For an event source mapping such attempts use up no retries; only the record's age bounds them
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
 */
export class InvocationRefused extends Error {
  override readonly name = "InvocationRefused";
}
