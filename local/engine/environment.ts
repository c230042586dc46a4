import type { Credentials } from "./gateway/gateway.ts";

/** What a client of AWS must know to reach a program that runs here. */
export interface Address {
  /** The gateway's. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** The signing names of the services that have a stand-in. */
  readonly services: readonly string[];
}

/**
 * The variables with which any client of AWS reaches it, whatever its shell has: a service's own endpoint goes before the one for
 * all (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html), a session token of other credentials would be
 * sent along, and boto3 reads no other variable for the Region than AWS_DEFAULT_REGION. What must not be set is in `unwanted`.
 */
export function environmentOf({ endpoint, region, credentials, services }: Address): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    ...Object.fromEntries(services.flatMap(serviceIds).map((id) => [`AWS_ENDPOINT_URL_${id}`, endpoint])),
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/**
 * Variables that keep clients from it: the SDK for JavaScript takes a profile before the keys, the others look for the profile and
 * fail where there is none, boto3 takes the keys for expired, and endpoints of one's own exclude those of FIPS and IPv6.
 */
export const unwanted = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
] as const;

/** A service as its variable is called: by its id, not by its signing name, which two services may share. */
function serviceIds(service: string): string[] {
  const id = service.toUpperCase().replaceAll("-", "_");
  return service === "dynamodb" ? [id, "DYNAMODB_STREAMS"] : [id];
}
