import type { Kind } from "../kind.ts";
import { unlessMalformed } from "../settings/well-formed.ts";

type Method = (...given: readonly unknown[]) => unknown;

/**
 * A kind that is asked about settings of which some may be malformed. It says nothing where its answer depends on one of
 * these, so that whatever can be said of the others is said at once. What it provisions comes later, of settings that are
 * all well formed.
 */
export function tolerant(kind: Kind): Kind {
  const ask = (method: Method): Method =>
    method === kind.provision
      ? method
      : (...given) => unlessMalformed(() => method.apply(kind, given as unknown as unknown[]));
  const members = Object.entries(kind).map(([name, member]) => [
    name,
    typeof member === "function" ? ask(member as Method) : member,
  ]);
  return Object.fromEntries(members);
}
