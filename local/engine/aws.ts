/** The account that everything on this machine belongs to; the emulators know no other. */
export const account = "000000000000";

/** The Region of a stack that names none. */
export const defaultRegion = "us-east-1";

/** An ARN in this account. */
export function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
