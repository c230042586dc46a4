/** An error that Lambda answers a call with. */
export class LambdaError extends Error {
  override readonly name = "LambdaError";
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The error for a function or a mapping that does not exist. */
export function notFound(message: string): LambdaError {
  return new LambdaError(404, "ResourceNotFoundException", message);
}

/** The error for what Lambda can do and its stand-in cannot. */
export function unsupported(what: string, known: string): LambdaError {
  return new LambdaError(
    400,
    "InvalidParameterValueException",
    `the stand-in for Lambda has no ${what}; it knows ${known} only`,
  );
}

const statuses: Readonly<Record<string, number>> = {
  RequestTooLargeException: 413,
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
};

/** The error for an invocation that was refused, of which `reason` says the code and the message. */
export function refusal(reason: string): LambdaError {
  const [code, message] = [reason.slice(0, reason.indexOf(":")), reason.slice(reason.indexOf(":") + 1).trim()];
  const status = statuses[code];
  return status === undefined
    ? new LambdaError(500, "ServiceException", reason)
    : new LambdaError(status, code, message);
}
