import { UserError } from "../../../terminal/user-error.ts";
import type { LocalFunction } from "../function/function.ts";
import type { World } from "../world/world.ts";

/** The function that an argument names: by name or ARN, with a version or alias or without. There is only one code of each. */
export function functionOf(nameOrArn: string, argument: string, world: World): LocalFunction {
  const [, name, qualifier = "$LATEST"] =
    /^(?:arn:[^:]+:lambda:[^:]+:\d+:function:)?([^:]+)(?::([^:]+))?$/.exec(nameOrArn) ?? [];
  for (const candidate of world.functions.values()) {
    const named = candidate.name === name && (!nameOrArn.startsWith("arn:") || nameOrArn.startsWith(candidate.arn));
    if (named && world.qualifiers.get(candidate.arn)?.has(qualifier)) return candidate;
  }
  throw new UserError(`\`${argument}\` is ${nameOrArn}, but this program made no such function.`);
}
