import { UserError } from "../../../terminal/user-error.ts";
import documents from "./managed-policies.json" with { type: "json" };
import { type Policy, readPolicy } from "./policy.ts";
import { identityPolicy } from "./request-context.ts";

// The documents are AWS's own, as `aws iam get-policy-version` shows them and as they were collected until March 2026 in
// https://github.com/zoph-io/MAMIP.
const known: Readonly<Record<string, { readonly document: unknown }>> = documents;

/**
 * A policy that AWS manages, by its ARN.
 * @throws UserError if its document is not known here
 */
export function managedPolicy(arn: string): Policy {
  const found = Object.hasOwn(known, arn) ? known[arn] : undefined;
  if (found !== undefined) return readPolicy(found.document, arn, identityPolicy);
  throw new UserError(
    `${arn} is neither made by this program nor known on this machine. Known are ${Object.keys(known).join(", ")}. Write its document into local/engine/iam/managed-policies.json, or what it allows into a policy of the program's own.`,
  );
}
