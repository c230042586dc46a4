import { seededRandom } from "../seeded-random.ts";
import { type AwsError, throttling } from "./aws-error.ts";
import type { ServiceCall } from "./service-call.ts";

/** What happens to a call instead of what would have happened. */
export type Fault =
  /** The service does not see the call; the caller gets this error. */
  | { readonly kind: "error"; readonly error: AwsError }
  /** Some entries of a bulk call fail while the others take effect; no effect on other calls. */
  | { readonly kind: "entries"; fails(index: number): boolean };

/** Decides about each call before it reaches its service; undefined lets it pass. */
export type FaultHook = (call: ServiceCall) => Fault | undefined;

/** A fault as data: which calls it may hit, how often, and what it does. */
export interface FaultRule {
  /** Only calls of this service, by signing name such as `dynamodb`. */
  readonly service?: string;
  /** Only this operation, such as `PutItem`. */
  readonly operation?: string;
  /** Only calls of this function, by name. Without it, those of every function, and of nobody else. */
  readonly function?: string;
  /** How likely a call is hit, from 0 to 1. @default 1 */
  readonly probability?: number;
  /** `throttle`: refused as the service refuses who calls too often. A number: the share of a bulk call's entries that fail. */
  readonly fault: "throttle" | AwsError | { readonly failEntries: number };
}

/** A hook that applies the first rule that hits; the same seed and sequence of calls give the same faults. */
export function seededFaults(seed: number, rules: readonly FaultRule[]): FaultHook {
  const random = seededRandom(seed);
  return (call) => {
    const rule = rules.find((candidate) => concerns(candidate, call) && random() < (candidate.probability ?? 1));
    if (rule === undefined) return undefined;
    const { fault } = rule;
    if (fault === "throttle") return { kind: "error", error: throttling(call.service) };
    if ("failEntries" in fault) return { kind: "entries", fails: () => random() < fault.failEntries };
    return { kind: "error", error: fault };
  };
}

function concerns(rule: FaultRule, { principal, service, operation }: ServiceCall): boolean {
  return (
    principal.kind === "function" &&
    (rule.function ?? principal.name) === principal.name &&
    (rule.service ?? service) === service &&
    (rule.operation ?? operation) === operation
  );
}
