import { denial } from "./access-denied.ts";
import { lacking, type Right, type Role, roleOf, sessionArn, verdict } from "./role.ts";

/** Why a role cannot do something, in IAM's words; undefined if it can. */
export function obstacle(
  roles: ReadonlyMap<string, Role>,
  roleArn: string,
  session: string,
  rights: readonly Right[],
  region: string,
): string | undefined {
  const role = roleOf(roleArn, roles);
  if (role === undefined) return `This program made no role ${roleArn}`;
  const right = lacking(role, rights, region);
  if (right === undefined) return undefined;
  const answer = verdict(role, right, region);
  return answer === "allowed" ? undefined : denial(sessionArn(roleArn, session), right, answer);
}
