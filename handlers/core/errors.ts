/** What an error of an AWS client may carry besides its name and message. */
interface ServiceError extends Error {
  readonly code?: unknown;
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const longest = 300;

/** Codes with which AWS services ask for patience at a status that would otherwise mean a mistake of the caller's. */
const patience = new Set([
  "KMS.ThrottlingException", // SQS's older name for the next
  "KmsThrottled",
  "LimitExceededException",
  "OverLimit",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "RequestTimeTooSkewed", // the client corrects its clock from this very answer
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionConflictException",
  "TransactionInProgressException",
]);

/**
 * Whether the same call may succeed soon: throttling, a fault of the service's, or a connection that failed. What somebody
 * has to mend first, such as a missing grant, queue or encryption key, is not: waiting for that is the mapping's business,
 * which delivers the batch again for longer than an invocation lasts.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, $retryable, $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if ($retryable !== undefined || isPatience(name) || name === "TimeoutError" || name === "AbortError") return true;
  if (status !== undefined && status >= 400) return status >= 500 || status === 429;
  return typeof code === "string" && code.startsWith("E") && !code.startsWith("ERR_"); // the system's errors, such as ECONNRESET, but not Node's
}

/** Whether a service's error code asks for patience. */
export function isPatience(code: string): boolean {
  return patience.has(code);
}

/** The error in one short line for the log: its name and message, without a stack. */
export function describe(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message || (error as ServiceError).code}` : String(error);
  return text.replace(/\s+/g, " ").slice(0, longest);
}
