import { type Answer, type AwsError, renderError } from "./aws-error.ts";
import { failEntries } from "./bulk.ts";
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

/** How long a call is held up, and the fault that it meets then. */
export function delayed(fault: Fault | undefined): { readonly milliseconds: number; readonly fault?: Fault } {
  if (fault?.kind !== "latency") return { milliseconds: 0, ...(fault && { fault }) };
  const inner = delayed(fault.before);
  return { ...inner, milliseconds: fault.milliseconds + inner.milliseconds };
}

/** What a caller gets: an answer, or a connection that is reset or left open without one. */
export type Reply = Answer | "reset" | "silence";

export interface Outcome {
  readonly reply: Reply;
  /** Whether a fault changed anything. */
  readonly faulted: boolean;
}

/**
 * Applies a fault to a call.
 * @param json whether the caller expects JSON
 * @param pass sends the call to its service with this body
 */
export async function applyFault(
  call: ServiceCall,
  fault: Fault | undefined,
  json: boolean,
  pass: (body: Buffer) => Promise<Answer>,
): Promise<Outcome> {
  switch (fault?.kind) {
    case "error":
      if (fault.effect) await pass(call.body);
      return { reply: renderError(fault.error, call.service, json), faulted: true };
    case "reset":
    case "silence":
      if (fault.effect) await pass(call.body);
      return { reply: fault.kind, faulted: true };
    case "entries": {
      const failure = failEntries(call, fault.fails, fault.effect);
      if (failure === undefined) break;
      return { reply: failure.answer(failure.body && (await pass(failure.body))), faulted: true };
    }
  }
  return { reply: await pass(call.body), faulted: false };
}
