import { account } from "../aws.ts";
import type { Context } from "./condition.ts";
import type { PolicyType } from "./policy.ts";

/** What a role wants access to. */
export interface AccessRequest {
  readonly roleArn: string;
  /** The Region of the call. */
  readonly region: string;
  readonly resource: string;
}

/** What is known of a call, by condition key. */
const ofCall: Readonly<Record<string, (request: AccessRequest) => string>> = {
  "aws:PrincipalAccount": () => account,
  "aws:PrincipalArn": ({ roleArn }) => roleArn,
  "aws:PrincipalType": () => "AssumedRole",
  "aws:RequestedRegion": ({ region }) => region,
  "aws:ResourceAccount": ({ resource }) => accountOf(resource),
  "s3:ResourceAccount": ({ resource }) => accountOf(resource),
  // The SDK speaks TLS with AWS. That it speaks with this machine without is no reason to refuse.
  "aws:SecureTransport": () => "true",
  "aws:ViaAWSService": () => "false",
};

/** Keys that are absent in calls that a role makes by itself: services set them when they call on behalf of a caller, and IAM when roles are passed. */
const absent = [
  "aws:CalledVia",
  "aws:CalledViaFirst",
  "aws:CalledViaLast",
  "aws:SourceAccount",
  "aws:SourceArn",
  "iam:AWSServiceName",
  "iam:AssociatedResourceArn",
  "iam:PassedToService",
  // Of calls that a service makes to KMS for a caller.
  "kms:EncryptionContext:SecretARN",
  "kms:ViaService",
];

/** A policy that says what a role may do. */
export const identityPolicy: PolicyType = { trust: false, keys: [...Object.keys(ofCall), ...absent] };

/** The policy that says who may assume the role. Firehose gives an external id, and Lambda the account that it works for. */
export const trustPolicy: PolicyType = { trust: true, keys: ["sts:ExternalId", "aws:SourceAccount"] };

/** What is known of a call. */
export function callContext(request: AccessRequest): Context {
  return new Map(Object.entries(ofCall).map(([key, value]) => [key.toLowerCase(), value(request)]));
}

/** An ARN's account; buckets have none in theirs, and those here are this account's. */
function accountOf(resource: string): string {
  return resource.split(":")[4] || account;
}
