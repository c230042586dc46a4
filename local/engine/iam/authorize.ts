import type { AwsError } from "../gateway/aws-error.ts";
import type { ServiceCall } from "../gateway/service-call.ts";
import { accessDenied } from "./access-denied.ts";
import { dynamodb } from "./requirements/dynamodb.ts";
import { firehose } from "./requirements/firehose.ts";
import { lambda } from "./requirements/lambda.ts";
import { redshiftData } from "./requirements/redshift-data.ts";
import type { Requirements } from "./requirements/requirements.ts";
import { s3 } from "./requirements/s3.ts";
import { sns } from "./requirements/sns.ts";
import { sqs } from "./requirements/sqs.ts";
import { type Right, type Role, roleOf, sessionArn, verdict } from "./role.ts";

// Everyone may ask who they are: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const sts: Requirements = { GetCallerIdentity: () => [] };

/**
 * Which rights each operation needs, by the service's signing name. There is no KMS on this machine and nothing is
 * encrypted with a key, so that no call needs one of its rights here, though on AWS it may: such grants are not tried.
 */
const services = {
  dynamodb,
  firehose,
  lambda,
  "redshift-data": redshiftData,
  s3,
  sns,
  sqs,
  sts,
} as const satisfies Record<string, Requirements>;

/**
 * The error with which a call is refused; undefined if its caller may make it. Only callers with a role are restricted: the
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

/** Which rights a call needs; undefined if this machine does not know. */
export function requirementsOf(call: ServiceCall): readonly Right[] | undefined {
  const operations = (services as Record<string, Requirements>)[call.service] ?? {};
  return Object.hasOwn(operations, call.operation) ? operations[call.operation]!(call) : undefined;
}

function invalidRole(roleArn: string): AwsError {
  const message = `The role ${roleArn} does not exist: this program made none.`;
  return { status: 403, code: "InvalidClientTokenId", message };
}

/** An operation whose rights are not known is refused. */
function unknownOperation(service: string, operation: string): AwsError {
  const message = `Which rights ${service}:${operation} needs is not known on this machine, so that no role may call it. Write it in local/engine/iam/requirements/${service}.ts.`;
  return { status: 400, code: "UnknownOperationException", message };
}
