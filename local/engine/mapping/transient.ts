const passing = new Set([
  "ExpiredIteratorException",
  "InternalServerError",
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TimeoutError",
  "TrimmedDataAccessException",
]);

/** Whether a call that failed this way may succeed when it is made again: throttles, service errors and broken connections. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (passing.has(error.name)) return true;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429;
  return typeof code === "string" && /^E[A-Z]+$/.test(code); // of the socket, such as ECONNRESET; Node's own are ERR_...
}
