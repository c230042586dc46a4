import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { arn } from "../aws.ts";
import type { LocalFunction } from "../function/function.ts";
import { type LambdaRoute, lambdaRouteOf } from "../gateway/operation.ts";
import { scopeOf } from "../gateway/service-call.ts";
import { InvocationRefused } from "../invocation.ts";
import { LambdaError, notFound, refusal, unsupported } from "./lambda-error.ts";
import { mappingConfiguration, type RunningMapping } from "./running-mapping.ts";
import { updateMapping } from "./update-mapping.ts";

export interface LambdaOptions {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** By UUID. */
  readonly mappings: ReadonlyMap<string, RunningMapping>;
}

interface Request {
  /** The Region that is asked. */
  readonly region: string;
  /** What the path names. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Answer {
  /** The HTTP status. @default 200 */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: unknown;
}

/** A stand-in for Lambda's own API: invokes the functions that the program has made, and describes and switches its mappings. */
export class Lambda {
  readonly #options: LambdaOptions;
  readonly #operations: Readonly<Record<LambdaRoute["operation"], (request: Request) => Answer | Promise<Answer>>> = {
    Invoke: (request) => this.#invoke(request),
    GetEventSourceMapping: ({ name, region }) => ({ body: this.#describe(this.#mapping(name, region)) }),
    UpdateEventSourceMapping: (request) => this.#update(request),
    ListEventSourceMappings: ({ query, region }) => ({ body: { EventSourceMappings: this.#list(query, region) } }),
  };

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  /** Answers a request in Lambda's protocol (restJson1). */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = ({ status = 200, headers = {}, body }: Answer) => {
      const common = { "content-type": "application/json", "x-amzn-requestid": randomUUID() };
      response.writeHead(status, { ...common, ...headers });
      response.end(JSON.stringify(body));
    };
    try {
      answer(await this.#answer(request));
    } catch (error) {
      const internal = new LambdaError(500, "ServiceException", (error as Error).message);
      const { status, code, message } = error instanceof LambdaError ? error : internal;
      const body = { Type: status < 500 ? "User" : "Service", message };
      answer({ status, headers: { "x-amzn-errortype": code }, body });
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { method = "GET", url = "/", headers } = request;
    const address = new URL(url, "http://lambda");
    const { pathname, searchParams: query } = address;
    const route = lambdaRouteOf(method, pathname);
    if (route === undefined) {
      const message = `the stand-in for Lambda does not know ${method} ${pathname}`;
      throw new LambdaError(404, "UnknownOperationException", message);
    }
    const region = scopeOf(headers.authorization, address)?.region ?? ""; // the gateway lets nothing pass that is not signed
    return this.#operations[route.operation]({ region, name: route.name, query, headers, body: await text(request) });
  }

  async #invoke({ region, name, query, headers, body }: Request): Promise<Answer> {
    const version = query.get("Qualifier") ?? "$LATEST";
    if (version !== "$LATEST") throw unsupported(`Qualifier ${version}`, "$LATEST");
    const type = headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type !== "RequestResponse") throw unsupported(`InvocationType ${type}`, "RequestResponse");
    const log = headers["x-amz-log-type"] ?? "None";
    if (log !== "None") throw unsupported(`LogType ${log}`, "None");
    const { payload, functionError, requestId } = await this.#run(this.#function(name, region), body);
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

  /** By its name in the Region that is asked, or its ARN; the words for one that does not exist are Lambda's. */
  #function(nameOrArn: string, region: string): LocalFunction {
    const asked = nameOrArn.startsWith("arn:") ? nameOrArn : arn("lambda", region, `function:${nameOrArn}`);
    const elsewhere = asked.split(":")[3];
    if (elsewhere !== region) {
      throw notFound(`Functions from '${elsewhere}' are not reachable in this region ('${region}')`);
    }
    const found = this.#options.functions.get(asked.replace(/:\$LATEST$/, ""));
    if (found) return found;
    throw notFound(`Function not found: ${asked}`);
  }

  #mapping(uuid: string, region: string): RunningMapping {
    const found = this.#options.mappings.get(uuid);
    if (found !== undefined && regionOf(found) === region) return found;
    throw notFound("The resource you requested does not exist.");
  }

  /** What it answers with is the mapping on its way to what is wanted. */
  #update({ name, region, body }: Request): Answer {
    const found = this.#mapping(name, region);
    updateMapping(found, parsed(body));
    return { status: 202, body: this.#describe(found) };
  }

  #list(query: URLSearchParams, region: string) {
    const [functionName, source] = [query.get("FunctionName"), query.get("EventSourceArn")];
    const target = functionName === null ? undefined : this.#function(functionName, region);
    return [...this.#options.mappings.values()]
      .filter((one) => regionOf(one) === region)
      .filter((one) => target === undefined || one.functionName === target.name)
      .filter((one) => source === null || one.streamArn === source)
      .map((one) => this.#describe(one));
  }

  #describe(mapping: RunningMapping) {
    return mappingConfiguration(mapping, this.#function(mapping.functionName, regionOf(mapping)).arn);
  }
}

/** A mapping is where its stream is, and its function is there, too. */
function regionOf({ streamArn }: RunningMapping): string {
  return streamArn.split(":")[3] ?? "";
}

function parsed(body: string): unknown {
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new LambdaError(400, "InvalidRequestContentException", message);
  }
}
