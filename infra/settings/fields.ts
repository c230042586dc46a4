import { z } from "zod";
import { arnOf } from "./arn.ts";
import type { Problem } from "./check.ts";

/** The name of a table in DynamoDB. */
export const tableName = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{3,255}$/)
  .meta({ allowed: "3 to 255 letters, digits, `_`, `-` and `.`" });

/** The ARN of a key in KMS. An alias is not enough: a policy that names one grants nothing. */
export const kmsKeyArn = arnOf(
  "kms",
  /^key\/[A-Za-z0-9-]+$/,
  "the ARN of a KMS key, such as arn:aws:kms:us-east-1:111122223333:key/1234abcd-...",
);

/** An attribute's name. What is no Unicode text could not be sent. */
export const attributeName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => name.isWellFormed());

/**
 * An e-mail address that mail servers take: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 allows 64 characters
 * before the `@`, and 254 in all.
 */
export const emailAddress = z
  .email()
  .refine((address) => address.length <= 254 && address.indexOf("@") <= 64, {
    error: "is too long; expected at most 254 characters, at most 64 of them before the @",
  })
  .meta({ allowed: "an e-mail address" });

/**
 * A key in another Region than what it encrypts, which AWS refuses. A multi-Region key has an ARN in each of its Regions.
 * @param arn the key, if there is one
 * @param region where the encrypted thing is, if that is known
 * @param what the encrypted thing, such as `table`
 */
export function foreignKey(
  arn: string | undefined,
  region: string | undefined,
  what: string,
  path = "encryptionKey",
): readonly Problem[] {
  const there = arn?.split(":")[3];
  if (there === undefined || region === undefined || there === region) return [];
  return [{ path, message: `the key is in ${there}; expected one in ${region}, where the ${what} is` }];
}

/** What a table's `encryptionKey` means. */
export const ownOrManagedKey =
  "A KMS key of yours. Without it `aws/dynamodb`, which AWS manages. KMS bills requests for either.";

/** The form in which keys and images reach a destination that keeps them as JSON. */
export const imagesSchema = z
  .enum(["typed", "plain"])
  .default("typed")
  .describe(
    "Form of keys and images: `typed` is DynamoDB JSON and loses nothing; `plain` is native JSON with numbers as decimal strings, easier to read, without the types.",
  );
