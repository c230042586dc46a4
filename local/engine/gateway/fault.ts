import type { AwsError } from "./aws-error.ts";
import type { ServiceCall } from "./service-call.ts";

/** Whether a call takes effect although its caller learns of no success. @default false */
interface Effect {
  readonly effect?: boolean;
}

/** What happens to a call instead of what would have happened. */
export type Fault =
  /** The caller gets this error. */
  | ({ readonly kind: "error"; readonly error: AwsError } & Effect)
  /** Some entries of a bulk call are reported as failed; no effect on other calls. */
  | ({ readonly kind: "entries"; fails(index: number): boolean } & Effect)
  /** The connection is reset instead of an answer. */
  | ({ readonly kind: "reset" } & Effect)
  /** There is never an answer. */
  | ({ readonly kind: "silence" } & Effect)
  /** The call begins later, and then goes as it would have gone, or as another fault says. */
  | { readonly kind: "latency"; readonly milliseconds: number; readonly before?: Fault }
  /** An invocation reaches the function, which runs out of time or crashes; no effect on other calls. */
  | ({ readonly kind: "ending"; readonly ending: "timeout" | "crash" } & Effect)
  /** A COPY is made twice; no effect on other calls. */
  | { readonly kind: "repeat" };

/** Decides about each call before it reaches its service; undefined lets it pass. */
export type FaultHook = (call: ServiceCall) => Fault | undefined;

/** How long a call is held up, and the fault that strikes it then. */
export function delayed(fault: Fault | undefined): { readonly milliseconds: number; readonly fault?: Fault } {
  if (fault?.kind !== "latency") return { milliseconds: 0, ...(fault && { fault }) };
  const inner = delayed(fault.before);
  return { ...inner, milliseconds: fault.milliseconds + inner.milliseconds };
}
