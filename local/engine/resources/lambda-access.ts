import type * as aws from "@pulumi/aws";
import { UserError } from "../../../terminal/user-error.ts";
import { accept, type LocalResource } from "../resource.ts";
import { functionOf } from "./function-reference.ts";
import { physicalName } from "./naming.ts";
import { idOf } from "./reference.ts";

/** Another name of a function. There is one code of each function here, whatever version an alias points to. */
export const alias: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.AliasArgs>(registration, {
      used: ["functionName", "functionVersion", "name", "routingConfig"],
      withoutMeaning: ["description"],
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
    const invokeArn = `arn:aws:apigateway:${registration.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return { id: arn, outputs: { name, arn, invokeArn } };
  },
};

/** Who else may invoke a function: nobody else is there to do so. */
export const permission: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.PermissionArgs>(registration, {
      used: ["function", "statementId", "statementIdPrefix"],
      withoutMeaning: [
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
