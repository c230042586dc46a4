import type { IncomingHttpHeaders } from "node:http";
import { routeOf } from "../lambda/routes.ts";
import { s3Operation } from "./s3-operation.ts";

/** Something that the program made, by its names. */
export interface Named {
  /** The name that AWS knows it by. */
  readonly name: string;
  /** The name in the program, the same in every run; absent where nothing in the program has it. */
  readonly logicalName?: string;
}

/** Who makes a call. `name` is the function's or the delivery stream's; for the other kinds, the kind. */
export interface Principal extends Named {
  /**
   * `function` is a function's code, `mapping` is Lambda reading the stream for it, `firehose` is Firehose delivering;
   * `engine` provisions; `user` is everybody else.
   */
  readonly kind: "function" | "mapping" | "firehose" | "engine" | "user";
  /** The role whose policies apply to the caller; absent where nothing is restricted. */
  readonly roleArn?: string;
}

/** The engine itself, which creates what the program wants. */
export const engine: Principal = { kind: "engine", name: "engine" };

/** One call of an AWS service, as its wire form shows it. */
export interface ServiceCall {
  readonly principal: Principal;
  /** The service's signing name, such as `dynamodb` (tables and streams alike), `sqs` or `firehose`. */
  readonly service: string;
  readonly region: string;
  /** The operation's name, such as `PutRecordBatch`. */
  readonly operation: string;
  /** The request's path and query. */
  readonly path: string;
  /** The request's headers, if it came over HTTP. */
  readonly headers?: IncomingHttpHeaders;
  /** The request's body, as sent. */
  readonly body: Buffer;
  /** The function that the call invokes, if it does. */
  readonly invoked?: Named;
}

/** What a request's signature says about it. */
export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Reads the credential scope of a signed request, from its header or, if presigned, its query; undefined if it is not signed. */
export function scopeOf(authorization: string | undefined, url: URL): Scope | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(authorization ?? "")?.[1] ?? url.searchParams.get("X-Amz-Credential") ?? "";
  const [accessKeyId, , region, service] = credential.split("/");
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}

/** The request's operation: named by the JSON protocols' target header, the query protocol's action, or the method and path of S3 and Lambda. */
export function operationOf(
  service: string,
  method: string,
  url: URL,
  target: string | undefined,
  body: Buffer,
  headers: IncomingHttpHeaders = {},
): string {
  if (target !== undefined) return target.slice(target.indexOf(".") + 1);
  if (service === "s3") return s3Operation(method, url, headers);
  if (service === "lambda") return routeOf(method, url.pathname)?.operation ?? `${method} ${url.pathname}`;
  return new URLSearchParams(body.toString("utf8")).get("Action") ?? `${method} ${url.pathname}`;
}

/** Whether the service speaks JSON with this caller: all do that have a target header, and Lambda, which needs none. */
export function speaksJson(service: string, target: string | undefined): boolean {
  return target !== undefined || service === "lambda";
}

/** Whether a call invokes a function. */
export function isInvocation({ service, operation }: Pick<ServiceCall, "service" | "operation">): boolean {
  return service === "lambda" && operation === "Invoke";
}
