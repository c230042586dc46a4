import type * as aws from "@pulumi/aws";
import { account } from "../aws.ts";
import { accept, acceptShape, type LocalCall, type LocalResource } from "../resource.ts";
import { UserError } from "../user-error.ts";
import type { Role, World } from "../world/world.ts";
import { physicalName } from "./naming.ts";

/** A role: the engine keeps what it allows. */
export const role: LocalResource = {
  create(registration, world) {
    const args = accept<aws.iam.RoleArgs>(registration, {
      used: ["name", "namePrefix", "assumeRolePolicy", "inlinePolicies", "managedPolicyArns", "path"],
      withoutMeaning: ["description", "forceDetachPolicies", "maxSessionDuration", "tags"],
      nested: { inlinePolicies: { name: true, policy: true } },
    });
    const name = physicalName(registration, { limit: 64 });
    const arn = `arn:aws:iam::${account}:role${args.path ?? "/"}${name}`;
    world.roles.set(name, {
      arn,
      assumeRolePolicy: document(args.assumeRolePolicy),
      policies: new Map((args.inlinePolicies ?? []).map(({ name = "", policy = "" }) => [name, policy])),
      attached: new Set(args.managedPolicyArns ?? []),
    });
    return { id: name, outputs: { name, arn, uniqueId: name, createDate: new Date().toISOString() } };
  },
};

export const rolePolicy: LocalResource = {
  create(registration, world) {
    const args = accept<aws.iam.RolePolicyArgs>(registration, { used: ["name", "namePrefix", "policy", "role"] });
    const name = physicalName(registration, { limit: 128 });
    const { id, role } = find(args.role, world);
    role.policies.set(name, document(args.policy));
    return { id: `${id}:${name}`, outputs: { name, role: id } };
  },
};

export const rolePolicyAttachment: LocalResource = {
  create(registration, world) {
    const args = accept<aws.iam.RolePolicyAttachmentArgs>(registration, { used: ["policyArn", "role"] });
    const { id, role } = find(args.role, world);
    role.attached.add(args.policyArn);
    return { id: `${id}-${args.policyArn}`, outputs: { role: id } };
  },
};

/** `aws.iam.getPolicyDocument`: the JSON text of a policy. */
export const getPolicyDocument: LocalCall = (inputs) => {
  const { statements = [], version = "2012-10-17", policyId, ...unknown } = inputs as aws.iam.GetPolicyDocumentArgs;
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    throw new UserError(`\`${other}\` has no equivalent on this machine yet. Write the policy as JSON.`);
  acceptShape(statements, "statements", insideOfStatements);
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
const insideOfStatements = {
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

function document(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

function find(nameOrArn: unknown, world: World): { id: string; role: Role } {
  const id = String(nameOrArn).split("/").at(-1) ?? "";
  const role = world.roles.get(id);
  if (role === undefined) throw new UserError(`\`role\` is ${id}, but this program made no such role.`);
  return { id, role };
}
