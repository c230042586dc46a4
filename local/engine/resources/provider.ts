import { acceptOnly } from "../resource.ts";

const aws = [
  "region",
  // What follows is about how AWS is reached, and in whose name, or about tags: it means nothing on this machine.
  "accessKey",
  "allowedAccountIds",
  "customCaBundle",
  "defaultTags",
  "ec2MetadataServiceEndpoint",
  "ec2MetadataServiceEndpointMode",
  "forbiddenAccountIds",
  "httpProxy",
  "httpsProxy",
  "ignoreTags",
  "insecure",
  "maxRetries",
  "noProxy",
  "profile",
  "retryMode",
  "s3UsEast1RegionalEndpoint",
  "s3UsePathStyle",
  "secretKey",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "stsRegion",
  "tagPolicyCompliance",
  "token",
  "tokenBucketRateLimiterCapacity",
  "useDualstackEndpoint",
  "useFipsEndpoint",
  "userAgents",
];

/** The arguments of explicit providers. A role to assume, which is how a program reaches another account, is not among them. */
const providers: Readonly<Record<string, readonly string[]>> = { "pulumi:providers:aws": aws };

/** Makes sure that a provider has only arguments that are used or known to mean nothing here. */
export function acceptProvider(type: string, inputs: Readonly<Record<string, unknown>>): void {
  acceptOnly(inputs, "", providers[type] ?? []);
}
