import type * as aws from "@pulumi/aws";
import { UserError } from "../../../terminal/user-error.ts";
import { arn, physicalName } from "../aws.ts";
import { managedPolicy } from "../iam/managed-policies.ts";
import { type Policy, readPolicy } from "../iam/policy.ts";
import { identityPolicy, trustPolicy } from "../iam/request-context.ts";
import type { Role } from "../iam/role.ts";
import { accept, acceptShape, idOf, type LocalCall, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";

/** A role: the engine knows what it allows, and whatever acts in the role may do nothing else. */
export const role: LocalResource = {
  create(registration, world) {
    const args = accept<aws.iam.RoleArgs>(registration, {
      used: ["name", "namePrefix", "assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "path"],
      ignored: ["description", "forceDetachPolicies", "maxSessionDuration", "tags"],
      nested: { inlinePolicies: { name: true, policy: true } },
    });
    const name = physicalName(registration, { limit: 64 });
    const roleArn = arn("iam", "", `role${args.path ?? "/"}${name}`);
    const inline = (args.inlinePolicies ?? []).map(
      ({ name: own = "", policy }) => [own, read(policy, name, own)] as const,
    );
    world.roles.set(name, {
      arn: roleArn,
      trust: readPolicy(args.assumeRolePolicy, `assumeRolePolicy of role ${name}`, trustPolicy),
      inline: new Map(inline),
      attached: new Map((args.managedPolicyArns ?? []).map((each) => [each, managed(each, world)])),
    });
    return { id: name, outputs: { name, arn: roleArn, uniqueId: name, createDate: new Date().toISOString() } };
  },
};

export const rolePolicy: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.iam.RolePolicyArgs>(registration, { used: ["name", "namePrefix", "policy", "role"] });
    const name = physicalName(registration, { limit: 128 });
    const { id, role } = await find(args.role, world);
    role.inline.set(name, read(args.policy, id, name));
    return { id: `${id}:${name}`, outputs: { name, role: id } };
  },
};

export const rolePolicyAttachment: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.iam.RolePolicyAttachmentArgs>(registration, { used: ["policyArn", "role"] });
    const { id, role } = await find(args.role, world);
    role.attached.set(args.policyArn, managed(args.policyArn, world));
    return { id: `${id}-${args.policyArn}`, outputs: { role: id } };
  },
};

/** A policy that is attached to roles. */
export const policy: LocalResource = {
  create(registration, world) {
    const args = accept<aws.iam.PolicyArgs>(registration, {
      used: ["name", "namePrefix", "path", "policy"],
      ignored: ["delayAfterPolicyCreationInMs", "description", "tags"],
    });
    const name = physicalName(registration, { limit: 128 });
    const policyArn = arn("iam", "", `policy${args.path ?? "/"}${name}`);
    world.managedPolicies.set(policyArn, readPolicy(args.policy, `policy ${name}`, identityPolicy));
    return { id: policyArn, outputs: { name, arn: policyArn, policyId: name, attachmentCount: 0 } };
  },
};

/** `aws.iam.getPolicyDocument`: the JSON text of a policy. */
export const getPolicyDocument: LocalCall = (inputs) => {
  const { statements = [], version = "2012-10-17", policyId, ...unknown } = inputs as aws.iam.GetPolicyDocumentArgs;
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    throw new UserError(`\`${other}\` has no equivalent on this machine yet. Write the policy as JSON.`);
  acceptShape(statements, "statements", statementShape);
  const json = JSON.stringify({
    Version: version,
    ...(policyId === undefined ? {} : { Id: policyId }),
    Statement: statements.map((statement) => ({
      ...given("Sid", statement.sid),
      Effect: statement.effect ?? "Allow",
      ...given("Principal", principals(statement.principals)),
      ...given("NotPrincipal", principals(statement.notPrincipals)),
      ...given("Action", statement.actions),
      ...given("NotAction", statement.notActions),
      ...given("Resource", statement.resources),
      ...given("NotResource", statement.notResources),
      ...given("Condition", conditions(statement.conditions)),
    })),
  });
  return { id: json, json, minifiedJson: json };
};

const principal = { type: true, identifiers: true } as const;
const statementShape = {
  actions: true,
  conditions: { test: true, values: true, variable: true },
  effect: true,
  notActions: true,
  notPrincipals: principal,
  notResources: true,
  principals: principal,
  resources: true,
  sid: true,
} as const;

type Statement = aws.types.input.iam.GetPolicyDocumentStatement;

function principals(list: Statement["principals"]): unknown {
  return list && Object.fromEntries(list.map(({ type, identifiers }) => [type, identifiers]));
}

function conditions(list: Statement["conditions"]): unknown {
  const tests: Record<string, Record<string, readonly string[]>> = {};
  for (const { test, variable, values } of list ?? []) tests[test] = { ...tests[test], [variable]: values };
  return list && tests;
}

function given(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}

function read(document: unknown, role: string, name: string): Policy {
  return readPolicy(document, `policy ${name} of role ${role}`, identityPolicy);
}

function managed(arn: string, world: World): Policy {
  return world.managedPolicies.get(arn) ?? managedPolicy(arn);
}

async function find(reference: unknown, world: World): Promise<{ id: string; role: Role }> {
  const id = (await idOf(reference, "role")).split("/").at(-1) ?? "";
  const role = world.roles.get(id);
  if (role === undefined) throw new UserError(`\`role\` is ${id}, but this program made no such role.`);
  return { id, role };
}
