import type { Named, Principal, ServiceCall } from "./service-call.ts";

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
  return invoked !== undefined || (service === "redshift" && operation === "Copy");
}
