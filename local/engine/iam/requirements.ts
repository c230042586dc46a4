import type { ServiceCall } from "../gateway/service-call.ts";
import { dynamodb } from "./requirements/dynamodb.ts";
import { firehose } from "./requirements/firehose.ts";
import { lambda } from "./requirements/lambda.ts";
import { s3 } from "./requirements/s3.ts";
import { sns } from "./requirements/sns.ts";
import { sqs } from "./requirements/sqs.ts";
import { sts } from "./requirements/sts.ts";
import type { Right } from "./role.ts";

/** What a call needs, by operation. */
export type Requirements = Readonly<Record<string, (call: ServiceCall) => readonly Right[]>>;

/**
 * Which rights each operation needs, by the service's signing name. There is no KMS on this machine and nothing is
 * encrypted with a key, so that no call needs one of its rights here, though on AWS it may: such grants are not tried.
 */
const services = { dynamodb, firehose, lambda, s3, sns, sqs, sts } as const satisfies Record<string, Requirements>;

/** Which rights a call needs; undefined if this machine does not know. */
export function requirementsOf(call: ServiceCall): readonly Right[] | undefined {
  const operations = (services as Record<string, Requirements>)[call.service] ?? {};
  return Object.hasOwn(operations, call.operation) ? operations[call.operation]!(call) : undefined;
}
