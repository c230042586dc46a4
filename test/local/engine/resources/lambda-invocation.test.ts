import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Created } from "../../../../local/engine/resource.ts";
import { resources } from "../../../../local/engine/resources.ts";
import { startWorld } from "../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../local/engine/world/world.ts";
import { UserError } from "../../../../terminal/user-error.ts";

const code = `export const handler = async (event) => {
  if (event.fail) throw new Error(event.fail);
  return { got: event };
};`;

describe("an invocation that a program makes", () => {
  let world: World;
  let functionName: string;
  let faults = 0;
  before(async () => {
    const silent = () => {};
    world = await startWorld({
      ...{ root: ".", region: "eu-west-1", onUp: silent, onProblem: silent },
      faults() {
        faults += 1;
        return { kind: "ending", ending: "crash", effect: false } as never;
      },
    });
    const role = await make("aws:iam/role:Role", {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const { outputs } = await make("aws:lambda/function:Function", {
      runtime: "nodejs24.x",
      handler: "index.handler",
      role: role.outputs.arn,
      code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) }),
    });
    functionName = String(outputs.name);
  });
  after(() => world?.stop());

  async function make(type: keyof typeof resources, inputs: Record<string, unknown>): Promise<Created> {
    return resources[type].create({ type, name: "films", region: "eu-west-1", inputs }, world);
  }
  const invoke = (input: object, more: object = {}) =>
    make("aws:lambda/invocation:Invocation", { functionName, input: JSON.stringify(input), ...more });
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).to.be.instanceOf(UserError);
    return error!.message;
  };

  it("runs the function, whose answer is its result, and meets no fault: it is the stack that is being made", async () => {
    const { outputs } = await invoke({ a: 1 }, { triggers: { once: "more" } });
    expect(outputs).to.deep.equal({ result: '{"got":{"a":1}}' });
    expect(faults).to.equal(0);
  });

  it("fails as the function does", async () => {
    expect(await refusal(invoke({ fail: "the warehouse is gone" }))).to.equal(
      `invoking Lambda Function (${functionName}): the warehouse is gone`,
    );
  });

  it("is refused of a function that is not there, and where it would run again when the stack is updated or deleted", async () => {
    expect(await refusal(invoke({}, { functionName: "none" }))).to.include("this program made no such function");
    expect(await refusal(invoke({}, { lifecycleScope: "CRUD" }))).to.include("only CREATE_ONLY exists");
  });
});
