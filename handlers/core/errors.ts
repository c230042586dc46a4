/** What an error of an AWS client may carry besides its name and message. */
interface ServiceError extends Error {
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * The codes with which a service says that this very request can never be carried out, now or later. A request of several
 * changes may be refused for their number, their size together, or just one of them: smaller ones have to be tried.
 */
export type RefusalCodes = ReadonlySet<string>;

/**
 * Whether the destination refuses what it was given, so that giving it the same again is of no use: the change goes back to
 * the mapping at once, which finds it by bisecting, tries it a few times within seconds, and gives it up.
 *
 * Everything else is the destination being unavailable, and is waited out: throttling, faults of the service, connections,
 * but also what somebody has to mend, such as a missing grant, queue, table or encryption key. It concerns every change
 * alike; giving them back would fill the failure queue in minutes, and none of them would be in order when it is mended.
 *
 * @param codes those of the service that was asked
 */
export function isRefusal(error: unknown, codes: RefusalCodes): boolean {
  if (!(error instanceof Error)) return false;
  const { name, $metadata } = error as ServiceError;
  if (isRefusalCode(name, codes) || $metadata?.httpStatusCode === 413) return true;
  // This code's own, or the client's, over what it was given: computed from the change, it comes out the same again.
  return $metadata === undefined && (error instanceof TypeError || error instanceof RangeError);
}

/** Whether a service's error code is one of its refusals. Codes may have a prefix with dots, which does not count. */
export function isRefusalCode(code: string, codes: RefusalCodes): boolean {
  return codes.has(code.slice(code.lastIndexOf(".") + 1));
}

const longestLine = 300;

/** The error in one short line for the log: its name and message, without a stack. */
export function errorLine(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message || (error as ServiceError).code}` : String(error);
  return text.replace(/\s+/g, " ").slice(0, longestLine);
}
