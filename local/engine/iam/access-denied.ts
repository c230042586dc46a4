import type { AwsError } from "../gateway/aws-error.ts";
import type { Verdict } from "./evaluate.ts";
import { missingRight, type Right, type Role, roleOf, sessionArn, verdict } from "./role.ts";

interface Wording {
  readonly code: string;
  readonly status: number;
  /** How the service writes an action. */
  action?(name: string): string;
  /** How it writes a resource. */
  resource?(arn: string): string;
}

/** Services differ in the code and in small things; these have been seen in users' logs. */
const wordings: Readonly<Record<string, Wording>> = {
  dynamodb: { code: "AccessDeniedException", status: 400 },
  firehose: { code: "AccessDeniedException", status: 400 },
  lambda: { code: "AccessDeniedException", status: 403 },
  s3: { code: "AccessDenied", status: 403, resource: (arn) => `"${arn}"` },
  sns: { code: "AuthorizationError", status: 403, action: (name) => name.replace(/^sns:/, "SNS:") },
  sqs: { code: "AccessDenied", status: 403, action: (name) => name.toLowerCase() },
};

/** Why a role may not do something, in IAM's words; undefined if it may. */
export function denialOf(
  roles: ReadonlyMap<string, Role>,
  roleArn: string,
  session: string,
  rights: readonly Right[],
  region: string,
): string | undefined {
  const role = roleOf(roleArn, roles);
  if (role === undefined) return `This program made no role ${roleArn}`;
  const right = missingRight(role, rights, region);
  if (right === undefined) return undefined;
  const answer = verdict(role, right, region);
  if (answer === "allowed") return undefined;
  return words(sessionArn(roleArn, session), right, answer, wordings[right.action.split(":")[0]!] ?? other);
}

/** The error with which a service refuses a call. */
export function accessDenied(
  service: string,
  caller: string,
  right: Right,
  verdict: Exclude<Verdict, "allowed">,
): AwsError {
  const wording = wordings[service] ?? other;
  return { status: wording.status, code: wording.code, message: words(caller, right, verdict, wording) };
}

const other: Wording = { code: "AccessDeniedException", status: 403 };

function words(caller: string, right: Right, verdict: Exclude<Verdict, "allowed">, wording: Wording): string {
  const action = wording.action?.(right.action) ?? right.action;
  const resource = wording.resource?.(right.resource) ?? right.resource;
  const reason =
    verdict === "explicit"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
