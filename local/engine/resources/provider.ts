import { account, arn } from "../aws.ts";
import { acceptOnly, type LocalCall } from "../resource.ts";

const aws = [
  "region",
  // The rest is about how AWS is reached, about credentials or about tags: it means nothing on this machine.
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

// The functions of the provider itself.

/** `aws.getCallerIdentity`: who the program runs as. */
export const getCallerIdentity: LocalCall = () => ({
  id: account,
  accountId: account,
  arn: arn("iam", "", "root"),
  userId: account,
});

/** `aws.getPartition` */
export const getPartition: LocalCall = () => ({
  id: "aws",
  partition: "aws",
  dnsSuffix: "amazonaws.com",
  reverseDnsPrefix: "com.amazonaws",
});

/** `aws.getRegion`: the Region that is asked for, or else the stack's. */
export const getRegion: LocalCall = ({ region, name }, world) => {
  const asked = region ?? name ?? world.region;
  return { id: asked, region: asked, name: asked, description: asked, endpoint: `ec2.${asked}.amazonaws.com` };
};

/** `aws.getAvailabilityZones`: three zones in every Region, whatever is asked for. */
export const getAvailabilityZones: LocalCall = (inputs, world) => {
  const region = String(inputs.region ?? world.region);
  const short = region.replace(/^([a-z]{2})-([a-z])[a-z-]*-(\d)$/, "$1$2$3");
  return {
    ...inputs,
    id: region,
    region,
    names: ["a", "b", "c"].map((letter) => `${region}${letter}`),
    zoneIds: [1, 2, 3].map((number) => `${short}-az${number}`),
    groupNames: [region],
  };
};
