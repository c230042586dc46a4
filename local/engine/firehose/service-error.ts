/** An error that Firehose answers a call with. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The error for a value that breaks a constraint of the service's model. */
export function invalid(where: string, shown: string, constraint: string): ServiceError {
  return new ServiceError(
    "ValidationException",
    `1 validation error detected: Value ${shown} at '${where}' failed to satisfy constraint: Member must ${constraint}`,
  );
}
