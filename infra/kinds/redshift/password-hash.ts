import { createHash } from "node:crypto";

/**
 * A password as Redshift's CREATE USER and ALTER USER take it without ever seeing it: `sha256|digest|salt`, both in
 * hexadecimal, where the digest is of the password followed by the salt's bytes (not by its hexadecimal digits).
 * Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
 * @param saltHex 256 random bits as 64 hexadecimal digits
 */
export function passwordHash(password: string, saltHex: string): string {
  const salt = Buffer.from(saltHex, "hex");
  if (salt.length !== 32) throw new RangeError("Redshift takes a salt of 256 bits, as 64 hexadecimal digits");
  const digest = createHash("sha256").update(password, "utf8").update(salt).digest("hex");
  return `sha256|${digest}|${saltHex}`;
}
