import { expect } from "chai";
import { resources } from "../../../../local/engine/resources.ts";
import { startWorld } from "../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../local/engine/world/world.ts";
import { UserError } from "../../../../terminal/user-error.ts";

describe("what AWS refuses to make for a role", () => {
  let world: World;
  before(async () => {
    world = await startWorld({ root: ".", region: "eu-west-1", onUp: () => {}, onProblem: () => {} });
  });
  after(() => world?.stop());

  const make = async (type: keyof typeof resources, inputs: Record<string, unknown>) =>
    (await resources[type].create({ type, name: "films", region: "eu-west-1", inputs }, world)).outputs;
  const refusal = async (type: keyof typeof resources, inputs: Record<string, unknown>): Promise<string> => {
    const error = await make(type, inputs).catch((reason) => reason);
    expect(error).to.be.instanceOf(UserError);
    return error.message;
  };
  const document = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const trusting = (Service: string) => document({ Principal: { Service }, Action: "sts:AssumeRole" });

  it("a function whose role Lambda cannot assume", async () => {
    const { arn } = await make("aws:iam/role:Role", { assumeRolePolicy: trusting("ec2.amazonaws.com") });
    const lambda = { runtime: "nodejs24.x", handler: "index.handler", role: arn };
    expect(await refusal("aws:lambda/function:Function", lambda)).to.equal(
      `InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda. (The trust policy of ${arn} does not let lambda.amazonaws.com do sts:AssumeRole.)`,
    );
    expect(await refusal("aws:lambda/function:Function", { ...lambda, role: "arn:none" })).to.match(
      /cannot be assumed by Lambda\. \(This program made no role arn:none\.\)$/,
    );
  });

  it("a function whose role Lambda may assume for another account only", async () => {
    const trusting = (account: string) =>
      document({
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      });
    const lambda = { runtime: "nodejs24.x", handler: "index.handler" };
    const { arn: foreign } = await make("aws:iam/role:Role", { assumeRolePolicy: trusting("111122223333") });
    expect(await refusal("aws:lambda/function:Function", { ...lambda, role: foreign })).to.match(
      /^InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda\. /,
    );
    const { arn: own } = await make("aws:iam/role:Role", { assumeRolePolicy: trusting("000000000000") });
    // It gets past the role, and lacks its code.
    expect(await refusal("aws:lambda/function:Function", { ...lambda, role: own })).to.not.match(/assumed/);
  });

  it("a role with a policy that is not understood, and one that nobody knows", async () => {
    const assumeRolePolicy = trusting("lambda.amazonaws.com");
    const inlinePolicies = [{ name: "p", policy: document({ Action: "sqs:SendMessage", Resource: "queue" }) }];
    expect(await refusal("aws:iam/role:Role", { name: "r", assumeRolePolicy, inlinePolicies })).to.equal(
      'policy p of role r: statement 1: Resource queue must be in ARN format or "*"',
    );
    const managedPolicyArns = ["arn:aws:iam::aws:policy/None"];
    expect(await refusal("aws:iam/role:Role", { assumeRolePolicy, managedPolicyArns })).to.match(
      /^arn:aws:iam::aws:policy\/None is neither made by this program nor known/,
    );
    const { arn } = await make("aws:iam/policy:Policy", { policy: document({ Action: "sqs:*", Resource: "*" }) });
    await make("aws:iam/role:Role", { assumeRolePolicy, managedPolicyArns: [arn] });
  });
});
