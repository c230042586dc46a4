import { type Context, holds, matches } from "./condition.ts";
import type { Policy, Statement } from "./policy.ts";

/** An action that a policy may allow. */
export interface Request {
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** The ARN of what it is done to, or `*`. */
  readonly resource: string;
  readonly context: Context;
}

/** `explicit`: a statement denies it. `implicit`: none allows it. */
export type Verdict = "allowed" | "explicit" | "implicit";

/**
 * What the policies of an identity make of a request: a denial wins, and what none allows is denied.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policies: Iterable<Policy>, request: Request): Verdict {
  const applying = [...policies].flatMap(({ statements }) => statements).filter((each) => applies(each, request));
  if (applying.some(({ effect }) => effect === "Deny")) return "explicit";
  return applying.length > 0 ? "allowed" : "implicit";
}

/** Whether a statement applies to a request. */
function applies(statement: Statement, { action, resource, context }: Request): boolean {
  const { actions, notActions = [], resources, notResources = [], conditions } = statement;
  const hasAction = (patterns: readonly string[]) =>
    patterns.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  // A star at the end of a part of an ARN reaches beyond the colon, so the ARN is matched as a whole:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
  const hasResource = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, resource));
  return (
    (actions === undefined ? !hasAction(notActions) : hasAction(actions)) &&
    (resources === undefined ? !hasResource(notResources) : hasResource(resources)) &&
    conditions.every((condition) => holds(condition, context))
  );
}
