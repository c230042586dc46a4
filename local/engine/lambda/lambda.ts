import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { LocalFunction } from "../function/function.ts";
import { type LambdaRoute, lambdaRouteOf } from "../gateway/operation.ts";
import { InvocationRefused } from "../invocation.ts";
import { mappingConfiguration, type RunningMapping } from "./running-mapping.ts";

export interface LambdaOptions {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** By UUID. */
  readonly mappings: ReadonlyMap<string, RunningMapping>;
}

interface Request {
  /** What the path names. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Answer {
  readonly headers?: OutgoingHttpHeaders;
  readonly body: unknown;
}

/** An error that Lambda answers a call with. */
class LambdaError extends Error {
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

/** A stand-in for Lambda's own API: invokes the functions, and describes the mappings, that the program has made. */
export class Lambda {
  readonly #options: LambdaOptions;
  readonly #operations: Readonly<Record<LambdaRoute["operation"], (request: Request) => Answer | Promise<Answer>>> = {
    Invoke: (request) => this.#invoke(request),
    GetEventSourceMapping: ({ name }) => ({ body: this.#describe(this.#mapping(name)) }),
    ListEventSourceMappings: ({ query }) => ({ body: { EventSourceMappings: this.#list(query) } }),
  };

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  /** Answers a request in Lambda's protocol (restJson1). */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, { headers = {}, body }: Answer) => {
      const common = { "content-type": "application/json", "x-amzn-requestid": randomUUID() };
      response.writeHead(status, { ...common, ...headers });
      response.end(JSON.stringify(body));
    };
    try {
      answer(200, await this.#answer(request));
    } catch (error) {
      const internal = new LambdaError(500, "ServiceException", (error as Error).message);
      const { status, code, message } = error instanceof LambdaError ? error : internal;
      const body = { Type: status < 500 ? "User" : "Service", message };
      answer(status, { headers: { "x-amzn-errortype": code }, body });
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = "GET", url = "/", headers } = request;
    const { pathname, searchParams: query } = new URL(url, "http://lambda");
    const route = lambdaRouteOf(method, pathname);
    if (route === undefined) {
      const message = `the stand-in for Lambda does not know ${method} ${pathname}`;
      throw new LambdaError(404, "UnknownOperationException", message);
    }
    return this.#operations[route.operation]({ name: route.name, query, headers, body: await text(request) });
  }

  async #invoke({ name, query, headers, body }: Request): Promise<Answer> {
    const version = query.get("Qualifier") ?? "$LATEST";
    if (version !== "$LATEST") throw unsupported(`Qualifier ${version}`, "$LATEST");
    const type = headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type !== "RequestResponse") throw unsupported(`InvocationType ${type}`, "RequestResponse");
    const log = headers["x-amz-log-type"] ?? "None";
    if (log !== "None") throw unsupported(`LogType ${log}`, "None");
    const { payload, functionError, requestId } = await this.#run(this.#function(name), body);
    return {
      headers: {
        "x-amzn-requestid": requestId,
        "x-amz-executed-version": version,
        ...(functionError === null ? {} : { "x-amz-function-error": functionError }),
      },
      body: payload,
    };
  }

  async #run(target: LocalFunction, body: string) {
    try {
      return await target.invoke(parsed(body));
    } catch (error) {
      if (error instanceof InvocationRefused) throw refusal(error.message);
      throw error;
    }
  }

  #function(nameOrArn: string): LocalFunction {
    const found = [...this.#options.functions.values()].find(
      ({ name, arn }) => nameOrArn === name || nameOrArn === arn || nameOrArn === `${arn}:$LATEST`,
    );
    if (found) return found;
    throw new LambdaError(404, "ResourceNotFoundException", `Function not found: ${nameOrArn}`);
  }

  #mapping(uuid: string): RunningMapping {
    const found = this.#options.mappings.get(uuid);
    if (found) return found;
    throw new LambdaError(404, "ResourceNotFoundException", "The resource you requested does not exist.");
  }

  #list(query: URLSearchParams) {
    const [functionName, source] = [query.get("FunctionName"), query.get("EventSourceArn")];
    const target = functionName === null ? undefined : this.#function(functionName);
    return [...this.#options.mappings.values()]
      .filter((one) => target === undefined || one.functionName === target.name)
      .filter((one) => source === null || one.streamArn === source)
      .map((one) => this.#describe(one));
  }

  #describe(mapping: RunningMapping) {
    return mappingConfiguration(mapping, this.#function(mapping.functionName).arn);
  }
}

function parsed(body: string): unknown {
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new LambdaError(400, "InvalidRequestContentException", message);
  }
}

function unsupported(what: string, known: string): LambdaError {
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
function refusal(reason: string): LambdaError {
  const [code, message] = [reason.slice(0, reason.indexOf(":")), reason.slice(reason.indexOf(":") + 1).trim()];
  const status = statuses[code];
  return status === undefined
    ? new LambdaError(500, "ServiceException", reason)
    : new LambdaError(status, code, message);
}
