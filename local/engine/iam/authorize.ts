import type { AwsError } from "../gateway/aws-error.ts";
import type { ServiceCall } from "../gateway/service-call.ts";
import { accessDenied } from "./access-denied.ts";
import { requirementsOf } from "./requirements.ts";
import { type Role, roleOf, sessionArn, verdict } from "./role.ts";

/**
 * The error with which a call is refused; undefined if its caller may make it. Only who is a role is restricted: the
 * engine and the user may do everything. Policies of resources, such as a queue's, are not asked: they permit nothing here.
 */
export function authorize(call: ServiceCall, roles: ReadonlyMap<string, Role>): AwsError | undefined {
  const { principal, service, operation, region } = call;
  const { roleArn } = principal;
  if (roleArn === undefined) return undefined;
  const role = roleOf(roleArn, roles);
  if (role === undefined) return invalidRole(roleArn);
  const rights = requirementsOf(call);
  if (rights === undefined) return unknownOperation(service, operation);
  for (const right of rights) {
    const answer = verdict(role, right, region);
    // Lambda and Firehose name a session after the function or the stream.
    if (answer !== "allowed") return accessDenied(service, sessionArn(roleArn, principal.name), right, answer);
  }
  return undefined;
}

function invalidRole(roleArn: string): AwsError {
  const message = `The role ${roleArn} does not exist: this program made none.`;
  return { status: 403, code: "InvalidClientTokenId", message };
}

/** Nothing is permitted for want of knowledge. */
function unknownOperation(service: string, operation: string): AwsError {
  const message = `Which rights ${service}:${operation} needs is not known on this machine, so that no role may call it. Write it in local/iam/requirements/${service}.ts.`;
  return { status: 400, code: "UnknownOperationException", message };
}
