import type { IncomingHttpHeaders } from "node:http";

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
   * `engine` provisions; `user` is everyone else.
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

/** Whether a call invokes a function. */
export function isInvocation({ service, operation }: Pick<ServiceCall, "service" | "operation">): boolean {
  return service === "lambda" && operation === "Invoke";
}

/** An invocation, as a call of Lambda's: on its way it may meet the same faults as any call. */
export function invocation(principal: Principal, region: string, invoked: Named, payload: string): ServiceCall {
  const path = `/2015-03-31/functions/${encodeURIComponent(invoked.name)}/invocations`;
  return { principal, service: "lambda", region, operation: "Invoke", path, body: Buffer.from(payload), invoked };
}

/** A COPY that Firehose has Redshift do for a delivery stream, as if it were a call. */
export function copyCall(principal: Principal, region: string): ServiceCall {
  return { principal, service: "redshift", region, operation: "Copy", path: "/", body: Buffer.alloc(0) };
}

/** Whether a rule that names neither service nor operation leaves the call alone, unless its fault is for nothing else. */
export function isInternal({ service, operation, invoked }: ServiceCall): boolean {
  return invoked !== undefined || service === "redshift-data" || (service === "redshift" && operation === "Copy");
}
