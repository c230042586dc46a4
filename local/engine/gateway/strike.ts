import { type Answer, renderError } from "./aws-error.ts";
import type { Fault } from "./fault.ts";
import { partOf } from "./part.ts";
import type { ServiceCall } from "./service-call.ts";

/** What a caller gets: an answer, or a connection that is reset or left open without one. */
export type Reply = Answer | "reset" | "silence";

export interface Struck {
  readonly reply: Reply;
  /** Whether the fault changed anything. */
  readonly struck: boolean;
}

/**
 * Lets a fault happen to a call.
 * @param json whether the caller expects JSON
 * @param pass sends the call to its service with this body
 */
export async function strike(
  call: ServiceCall,
  fault: Fault | undefined,
  json: boolean,
  pass: (body: Buffer) => Promise<Answer>,
): Promise<Struck> {
  switch (fault?.kind) {
    case "error":
      if (fault.effect) await pass(call.body);
      return { reply: renderError(fault.error, call.service, json), struck: true };
    case "reset":
    case "silence":
      if (fault.effect) await pass(call.body);
      return { reply: fault.kind, struck: true };
    case "entries": {
      const part = partOf(call, fault.fails, fault.effect);
      if (part === undefined) break;
      return { reply: part.answer(part.body && (await pass(part.body))), struck: true };
    }
  }
  return { reply: await pass(call.body), struck: false };
}
