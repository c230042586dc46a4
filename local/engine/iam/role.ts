import { account } from "../aws.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import type { Policy } from "./policy.ts";
import { callContext } from "./request-context.ts";

/** A role: who may assume it, and what it may do. */
export interface Role {
  readonly arn: string;
  readonly trust: Policy;
  /** Inline policies, by name. */
  readonly inline: Map<string, Policy>;
  /** Managed policies, by ARN. */
  readonly attached: Map<string, Policy>;
}

/** An action on a resource. */
export interface Right {
  readonly action: string;
  readonly resource: string;
}

/** What the role's policies make of an action. */
export function verdict(role: Role, { action, resource }: Right, region: string): Verdict {
  const context = callContext({ roleArn: role.arn, region, resource });
  return evaluate([...role.inline.values(), ...role.attached.values()], { action, resource, context });
}

/** The first of several rights that the role lacks; undefined if it has them all. */
export function missingRight(role: Role | undefined, rights: readonly Right[], region: string): Right | undefined {
  return rights.find((right) => role === undefined || verdict(role, right, region) !== "allowed");
}

/** A service that assumes a role, and what it says of itself. */
export interface Service {
  /** Such as `lambda.amazonaws.com`. */
  readonly name: string;
  /** What it names as external id, if it does. */
  readonly externalId?: string;
  /** The account that it says it works for, if it does. */
  readonly sourceAccount?: string;
}

/** Whether a service may assume the role. */
export function trusts(role: Role, { name, externalId, sourceAccount }: Service): boolean {
  const context = new Map<string, string>();
  if (externalId !== undefined) context.set("sts:externalid", externalId);
  if (sourceAccount !== undefined) context.set("aws:sourceaccount", sourceAccount);
  const principals = ["*", `Service:${name}`];
  const statements = role.trust.statements.filter(({ principals: named = [] }) =>
    named.some((principal) => principals.includes(principal)),
  );
  return evaluate([{ statements }], { action: "sts:AssumeRole", resource: role.arn, context }) === "allowed";
}

/** The role with an ARN; the map has them by name. */
export function roleOf(arn: string | undefined, roles: ReadonlyMap<string, Role>): Role | undefined {
  const role = roles.get(arn?.split("/").at(-1) ?? "");
  return role?.arn === arn ? role : undefined;
}

/** Who the caller is, to AWS, while it has assumed a role. */
export function sessionArn(roleArn: string, session: string): string {
  return `arn:aws:sts::${account}:assumed-role/${roleArn.split("/").at(-1)}/${session}`;
}
