import { randomBytes } from "node:crypto";
import { UserError } from "../../../terminal/user-error.ts";
import type { Registration } from "../resource.ts";

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

/** The name that the program gives the resource, or else one made as Pulumi makes it: the logical name and seven random hexadecimal digits. */
export function physicalName({ name, inputs }: Registration, rules: NameRules): string {
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
