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

/**
 * Whether a service may assume the role.
 * @param externalId what the service names as external id, if it does
 */
export function trusts(role: Role, service: string, externalId?: string): boolean {
  const context = new Map(externalId === undefined ? [] : [["sts:externalid", externalId]]);
  const principals = ["*", `Service:${service}`];
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
