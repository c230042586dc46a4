import { type AwsError, throttling, unavailable } from "./aws-error.ts";
import type { Fault } from "./fault.ts";
import { isInternal, type Named, type Principal, type ServiceCall } from "./service-call.ts";

/** A fault as data: which calls it may hit, how often, and what it does. */
export interface FaultRule {
  /** Only calls of this service, by signing name such as `dynamodb`; a COPY that Firehose issues belongs to `redshift`. */
  readonly service?: string;
  /** Only this operation, such as `PutItem`, `Invoke` or `Copy`. */
  readonly operation?: string;
  /**
   * Only what this function calls, its invocations, and what its mapping calls; or what the delivery stream of this name calls.
   * Its logical name, or the one that AWS knows it by. @default every one
   */
  readonly function?: string;
  /**
   * Only calls of such callers. Without it: those that functions make, but invocations, COPYs, and the statements that set a
   * warehouse up while the stack is being made, only if `service`, `operation` or the fault itself says that they are meant.
   */
  readonly caller?: Principal["kind"];
  /** How likely a call is hit, from 0 to 1. @default 1 */
  readonly probability?: number;
  /** Only so many calls of each caller's, counted among the calls that the rule concerns, from the one numbered `from` on. @default all, from 1 */
  readonly during?: { readonly from?: number; readonly calls: number };
  readonly fault: FaultOfRule;
  /** Whether the call takes effect before the fault, so that only the service knows. @default false */
  readonly afterEffect?: boolean;
}

/**
 * - `throttle`: refused as the service refuses callers that call too often.
 * - `unavailable`: the service's own error 500; an AwsError: any other.
 * - `reset`: the connection is reset. `silence`: it stays open, and nothing comes.
 * - `latency`: the call begins so many milliseconds later, or some number between the two, and may meet a further rule.
 * - `failEntries`: this share of a bulk call's entries is reported as failed.
 * - `timeout`, `crash`: the function that is invoked runs out of time, or its process ends, before it has done anything; or, with
 *   `afterEffect`, when it has done everything. Other faults of an invocation keep it from reaching the function, which uses up no retries.
 * - `repeat`: Firehose has Redshift load the same objects twice.
 */
export type FaultOfRule =
  | "throttle"
  | "unavailable"
  | "reset"
  | "silence"
  | "timeout"
  | "crash"
  | "repeat"
  | AwsError
  | { readonly failEntries: number }
  | { readonly latency: number | readonly [least: number, most: number] };

/** Faults of one operation only. */
const only: Readonly<Record<string, string>> = {
  timeout: "lambda:Invoke",
  crash: "lambda:Invoke",
  repeat: "redshift:Copy",
};

/** Whether the rule is about such a call. */
export function concerns(rule: FaultRule, call: ServiceCall): boolean {
  const { principal, service, operation, invoked } = call;
  const target = typeof rule.fault === "string" ? only[rule.fault] : undefined;
  if (target !== undefined && target !== `${service}:${operation}`) return false;
  if ((rule.service ?? service) !== service || (rule.operation ?? operation) !== operation) return false;
  if (rule.function !== undefined && !isNamed(invoked ?? principal, rule.function)) return false;
  if (rule.caller !== undefined) return rule.caller === principal.kind;
  if (!isInternal(call)) return principal.kind === "function";
  return [rule.service, rule.operation, target].some((named) => named !== undefined);
}

/** What the rule does to a call that it hits. */
export function faultOf(
  { fault, afterEffect = false }: FaultRule,
  { service }: ServiceCall,
  random: () => number,
): Fault {
  const effect = afterEffect;
  switch (fault) {
    case "throttle":
      return { kind: "error", error: throttling(service), effect };
    case "unavailable":
      return { kind: "error", error: unavailable(service), effect };
    case "reset":
    case "silence":
      return { kind: fault, effect };
    case "timeout":
    case "crash":
      return { kind: "ending", ending: fault, effect };
    case "repeat":
      return { kind: "repeat" };
  }
  if ("failEntries" in fault) return { kind: "entries", fails: () => random() < fault.failEntries, effect };
  if ("code" in fault) return { kind: "error", error: fault, effect };
  const [least, most] = typeof fault.latency === "number" ? [fault.latency, fault.latency] : fault.latency;
  return { kind: "latency", milliseconds: least + random() * (most - least) };
}

function isNamed({ name, logicalName }: Named, wanted: string): boolean {
  return wanted === name || wanted === logicalName;
}
