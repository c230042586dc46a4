import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

/** The input of an operation, as it was sent. */
export type Input = Readonly<Record<string, unknown>>;

/** Answers one of the service's operations. */
export type Operation = (input: Input) => Record<string, unknown>;

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

/** Answers a request in Firehose's protocol (awsJson1_1) with the operation that it names. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  operations: Readonly<Record<string, Operation>>,
): Promise<void> {
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() });
    response.end(JSON.stringify(body));
  };
  try {
    const operation = operationFor(request.headers["x-amz-target"], operations);
    send(200, operation(await inputOf(request)));
  } catch (error) {
    const { code, status, message } = error instanceof ServiceError ? error : internalFailure(error as Error);
    send(status, { __type: code, message });
  }
}

function operationFor(
  target: string | string[] | undefined,
  operations: Readonly<Record<string, Operation>>,
): Operation {
  const [service, name = ""] = String(target ?? "").split(".");
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (service === "Firehose_20150804" && operation) return operation;
  throw new ServiceError(
    "UnknownOperationException",
    `the stand-in for Firehose does not know the operation ${name || "(none)"}`,
  );
}

async function inputOf(request: IncomingMessage): Promise<Input> {
  const body = await json(request).catch((error: Error) => {
    throw new ServiceError("SerializationException", `the request is not JSON: ${error.message}`);
  });
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Input;
  throw new ServiceError("SerializationException", "the request is not a JSON object");
}

function internalFailure({ message }: Error): ServiceError {
  return new ServiceError("InternalFailure", message, 500);
}
