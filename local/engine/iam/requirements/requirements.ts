import { isObject } from "../../../../infra/is-object.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";

/** Which rights the calls of one service need, by operation. */
export type Requirements = Readonly<Record<string, (call: ServiceCall) => readonly Right[]>>;

/** The body of a call of a JSON protocol. What cannot be read is empty: its service refuses the call, if a policy does not. */
export function jsonBody({ body }: Pick<ServiceCall, "body">): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(body.toString("utf8"));
    return isObject(content) ? content : {};
  } catch {
    return {};
  }
}

/** A member that should be a text; empty if it is none, which is no resource's name. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A member that should be a list of objects. */
export function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
