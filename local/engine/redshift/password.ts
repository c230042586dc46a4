import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/**
 * Whether a password is the one that CREATE USER or ALTER USER was given. Redshift takes four forms: clear text,
 * `md5` + MD5(password + user), `sha256|<clear text>`, and `sha256|<digest>|<salt>`, where digest = SHA-256 of the
 * password's bytes followed by the salt's *bytes* (32 of them, written as 64 hexadecimal digits). AWS documents the last
 * form without saying how password and salt are joined; appending the decoded salt is what users found to work.
 *
 * PostgreSQL knows only the MD5 form. Of any other text it keeps a SCRAM verifier, as if the text were the password. So
 * the forms that this password could have been written in are tried against it.
 * @param verifier what PostgreSQL keeps (`pg_authid.rolpassword`)
 * @param salted texts of the form `sha256|<digest>|<salt>` that statements have had
 */
export function passwordMatches(password: string, user: string, verifier: string, salted: Iterable<string>): boolean {
  if (md5Form.test(verifier)) return md5(password + user) === verifier.slice(3).toLowerCase();
  const forms = [...salted].filter((form) => saltedMatches(password, form));
  if (!password.startsWith("sha256|")) forms.push(password); // that would be a hash, not a password
  if (!saltedForm.test(`sha256|${password}`)) forms.push(`sha256|${password}`); // nor are a hash's digest and salt
  return forms.some((form) => scramMatches(form, verifier));
}

/** What is wrong with the PASSWORD of a CREATE USER or ALTER USER, as Redshift sees it; undefined if nothing is. */
export function passwordProblem(written: string): string | undefined {
  if (saltedForm.test(written) || md5Form.test(written)) return undefined;
  const clear = written.startsWith("sha256|") ? written.slice("sha256|".length) : written;
  if (clear.includes("|") && clear !== written) {
    return "the sha256 password must be sha256|<digest as 64 hexadecimal digits>|<salt as 64 hexadecimal digits>";
  }
  if (clear.length < 8 || clear.length > 64) return "the password must have 8 to 64 characters";
  if (!/[A-Z]/.test(clear) || !/[a-z]/.test(clear) || !/[0-9]/.test(clear)) {
    return "the password must have an upper-case letter, a lower-case letter and a digit";
  }
  return /[^!-~]|['"\\/@]/.test(clear)
    ? "the password may only have the printable ASCII characters other than ' \" \\ / @"
    : undefined;
}

/** The texts `sha256|<digest>|<salt>` in some SQL. */
export function saltedForms(sql: string): string[] {
  return sql.match(/sha256\|[0-9a-f]{64}\|[0-9a-f]{64}/gi) ?? [];
}

const saltedForm = /^sha256\|([0-9a-f]{64})\|([0-9a-f]{64})$/i;
const md5Form = /^md5[0-9a-f]{32}$/i;

function saltedMatches(password: string, form: string): boolean {
  const [, digest, salt] = saltedForm.exec(form)!;
  return (
    createHash("sha256").update(password).update(Buffer.from(salt!, "hex")).digest("hex") === digest!.toLowerCase()
  );
}

/** RFC 5803: `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`. */
function scramMatches(text: string, verifier: string): boolean {
  const [, iterations, salt, storedKey] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/.exec(verifier) ?? [];
  if (iterations === undefined || salt === undefined) return false;
  const password = pbkdf2Sync(text, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  const clientKey = createHmac("sha256", password).update("Client Key").digest();
  return createHash("sha256").update(clientKey).digest("base64") === storedKey;
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
