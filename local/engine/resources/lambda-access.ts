import type * as aws from "@pulumi/aws";
import { UserError } from "../../../terminal/user-error.ts";
import { invokeArn, physicalName } from "../aws.ts";
import type { LocalFunction } from "../function/function.ts";
import { accept, idOf, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";

/** Another name of a function. There is one code of each function here, whatever version an alias points to. */
export const alias: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.AliasArgs>(registration, {
      used: ["functionName", "functionVersion", "name", "routingConfig"],
      ignored: ["description"],
    });
    if (Object.keys(args.routingConfig?.additionalVersionWeights ?? {}).length > 0) {
      throw new UserError(
        "`routingConfig` would share the invocations between two versions, but here a function has one. Leave it out of this stack.",
      );
    }
    const target = functionOf(args.functionName, "functionName", world);
    const qualifiers = world.qualifiers.get(target.arn);
    if (!qualifiers?.has(args.functionVersion)) {
      throw new UserError(
        `\`functionVersion\` is ${args.functionVersion}, but ${target.name} has no such version. Set \`publish: true\` on it, and use its \`version\`.`,
      );
    }
    const name = physicalName(registration, { limit: 128 });
    qualifiers.add(name);
    const arn = `${target.arn}:${name}`;
    return { id: arn, outputs: { name, arn, invokeArn: invokeArn(registration.region, arn) } };
  },
};

/** Who else may invoke a function: on this machine, nothing else does. */
export const permission: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.PermissionArgs>(registration, {
      used: ["function", "statementId", "statementIdPrefix"],
      ignored: [
        "action",
        "eventSourceToken",
        "functionUrlAuthType",
        "invokedViaFunctionUrl",
        "principal",
        "principalOrgId",
        "qualifier",
        "sourceAccount",
        "sourceArn",
      ],
    });
    functionOf(await idOf(args.function, "function"), "function", world);
    const statementId = physicalName(registration, { limit: 100, argument: "statementId" });
    return { id: statementId, outputs: { statementId } };
  },
};

/** How asynchronous invocations are retried, and where they are reported: there are none here. */
export const functionEventInvokeConfig: LocalResource = {
  create() {
    throw new UserError(
      "this is about asynchronous invocations, which do not exist on this machine: functions are invoked by event source mappings, whose settings are their own. Leave it out of this stack.",
    );
  },
};

/** The function that an argument names: by name or ARN, with a version or alias or without. Each function has one code, whatever the version. */
export function functionOf(nameOrArn: string, argument: string, world: World): LocalFunction {
  const [, name, qualifier = "$LATEST"] =
    /^(?:arn:[^:]+:lambda:[^:]+:\d+:function:)?([^:]+)(?::([^:]+))?$/.exec(nameOrArn) ?? [];
  for (const candidate of world.functions.values()) {
    const named = candidate.name === name && (!nameOrArn.startsWith("arn:") || nameOrArn.startsWith(candidate.arn));
    if (named && world.qualifiers.get(candidate.arn)?.has(qualifier)) return candidate;
  }
  throw new UserError(`\`${argument}\` is ${nameOrArn}, but this program made no such function.`);
}
