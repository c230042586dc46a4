import { UserError } from "../../../terminal/user-error.ts";
import { missingRight, type Right, roleOf, type Service, trusts } from "../iam/role.ts";
import type { World } from "../world/world.ts";

/** Makes sure that a service may assume a role, once everything is made that could permit it. @param refusal AWS's words if it may not */
export async function mustTrust(world: World, roleArn: string, service: Service, refusal: string): Promise<void> {
  const trusted = () => {
    const role = roleOf(roleArn, world.roles);
    return role !== undefined && trusts(role, service);
  };
  if (await world.creations.waitUntil(trusted)) return;
  const why =
    roleOf(roleArn, world.roles) === undefined
      ? `This program made no role ${roleArn}`
      : `The trust policy of ${roleArn} does not let ${service.name} do sts:AssumeRole`;
  throw new UserError(`${refusal} (${why}.)`);
}

/** Makes sure that a role has rights, once everything is made that could give them. @param refusal AWS's words if it has not, for the right that it lacks */
export async function mustAllow(
  world: World,
  roleArn: string | undefined,
  rights: readonly Right[],
  region: string,
  refusal: (lacked: Right) => string,
): Promise<void> {
  const lacked = () => missingRight(roleOf(roleArn, world.roles), rights, region);
  await world.creations.waitUntil(() => lacked() === undefined);
  const right = lacked();
  if (right === undefined) return;
  throw new UserError(`${refusal(right)} (${roleArn} is not allowed ${right.action} on ${right.resource}.)`);
}
