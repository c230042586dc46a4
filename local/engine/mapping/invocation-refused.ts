/**
 * An invocation that did not reach the function's code: throttled, no concurrency left, or an error of the service.
 * Such attempts use up no retries; only the record's age bounds them
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
 */
export class InvocationRefused extends Error {
  override readonly name = "InvocationRefused";
}
