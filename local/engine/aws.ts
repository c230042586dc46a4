import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../../terminal/user-error.ts";

// How things are named on this machine: their accounts, Regions, physical names and ARNs.

/** The account that everything on this machine belongs to; the emulators know no other. */
export const account = "000000000000";

/** The Region of a stack that names none. */
export const defaultRegion = "us-east-1";

/** An ARN in this account. Services that are global, such as IAM, have an empty Region. */
export function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** The ARN of a bucket or, with a key, of an object in it: neither has an account or a Region. */
export function bucketArn(bucket: string, key?: string): string {
  return `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
}

/** The id of a workgroup, which its ARN has in place of its name. */
export function workgroupId(name: string): string {
  const digest = createHash("sha256").update(name).digest("hex");
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/** The ARN by which API Gateway would invoke a function. */
export function invokeArn(region: string, functionArn: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

export interface NameRules {
  /** Most characters that AWS allows. */
  readonly limit: number;
  /** What the name ends in, whatever it is. */
  readonly suffix?: string;
  /** Whether AWS wants lower case only. */
  readonly lowerCase?: boolean;
  /** The argument that names the resource. @default "name" */
  readonly argument?: string;
}

/** A resource by its logical name and its inputs. */
export interface Nameable {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The name that the program gives the resource, or else one made as Pulumi makes it: the logical name and seven random hexadecimal digits. */
export function physicalName({ name, inputs }: Nameable, rules: NameRules): string {
  const { limit, suffix = "", lowerCase = false, argument = "name" } = rules;
  const given = inputs[argument];
  if (typeof given === "string" && given !== "") return given;
  const prefix = inputs[`${argument}Prefix`];
  const begin = typeof prefix === "string" && prefix !== "" ? prefix : `${name}-`;
  const made = `${lowerCase ? begin.toLowerCase() : begin}${hex(7)}${suffix}`;
  if (made.length <= limit) return made;
  throw new UserError(
    `the name made for it, ${made}, is longer than the ${limit} characters that AWS allows. Give it a shorter logical name, or set \`${argument}\`.`,
  );
}

/** Random hexadecimal digits. */
export function hex(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString("hex")
    .slice(0, digits);
}
