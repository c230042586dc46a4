import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";

/** What an argument refers to that may be a resource itself instead of its id: the id in either case. */
export async function idOf(value: unknown, argument: string): Promise<string> {
  const id: unknown = pulumi.CustomResource.isInstance(value)
    ? await new Promise((resolve) => value.id.apply(resolve))
    : value;
  if (typeof id === "string" && id !== "") return id;
  throw new UserError(`\`${argument}\` is missing.`);
}
