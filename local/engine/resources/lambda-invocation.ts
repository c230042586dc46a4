import type * as aws from "@pulumi/aws";
import { isObject } from "../../../infra/is-object.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { accept, type LocalResource } from "../resource.ts";
import { functionOf } from "./lambda-access.ts";

/** An invocation while the stack is being made: the function runs, and what it answers is the result. */
export const invocation: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.InvocationArgs>(registration, {
      used: ["functionName", "input", "lifecycleScope", "qualifier"],
      ignored: ["terraformKey", "triggers"],
    });
    const { lifecycleScope = "CREATE_ONLY", qualifier = "$LATEST" } = args;
    if (lifecycleScope !== "CREATE_ONLY")
      throw new UserError(
        `\`lifecycleScope\` is ${lifecycleScope}, but nothing here is updated: only CREATE_ONLY exists.`,
      );
    const target = functionOf(args.functionName, "functionName", world);
    const { payload, functionError } = await target.invoke(JSON.parse(args.input), { faults: false });
    if (functionError !== null) throw new UserError(`invoking Lambda Function (${target.name}): ${reasonOf(payload)}`);
    return { id: `${target.name}_${qualifier}`, outputs: { result: JSON.stringify(payload) } };
  },
};

function reasonOf(payload: unknown): string {
  return isObject(payload) && typeof payload.errorMessage === "string" ? payload.errorMessage : JSON.stringify(payload);
}
