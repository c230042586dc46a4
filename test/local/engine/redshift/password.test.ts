import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { expect } from "chai";
import { passwordMatches, passwordProblem, saltedForms } from "../../../../local/engine/redshift/password.ts";

const salt = "00ff".repeat(16);
const digest = createHash("sha256").update("S3cret-word").update(Buffer.from(salt, "hex")).digest("hex");
const salted = `sha256|${digest}|${salt}`;

/** What PostgreSQL keeps of a password, by RFC 5803. */
function verifier(text: string): string {
  const [iterations, bytes] = [4096, Buffer.from("0123456789abcdef")];
  const password = pbkdf2Sync(text, bytes, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", password).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${bytes.toString("base64")}$${storedKey}:unused`;
}

describe("a user's password", () => {
  // the md5 digest is the example of AWS's documentation: password "ez", user "user1"
  for (const [form, user, password, kept] of [
    ["clear text", "u", "S3cret-word", verifier("S3cret-word")],
    ["MD5", "user1", "ez", "md5153c434b4b77c89e6b94f12c5393af5b"],
    ["SHA-256 of Redshift's own salt", "u", "S3cret-word", verifier("sha256|S3cret-word")],
    ["SHA-256 with a salt", "u", "S3cret-word", verifier(salted)],
  ] as const) {
    it(`is recognised as ${form}`, () => {
      expect(passwordMatches(password, user, kept, [salted])).to.equal(true);
      expect(passwordMatches(`${password}x`, user, kept, [salted])).to.equal(false);
      expect(passwordMatches(kept, user, kept, [salted])).to.equal(false);
    });
  }

  it("is not recognised by a salt that no statement had, nor by one for another password", () => {
    expect(passwordMatches("S3cret-word", "u", verifier(salted), [])).to.equal(false);
    expect(passwordMatches("S3cret-word", "u", verifier("Other1234"), [salted])).to.equal(false);
  });

  it("is found in any statement", () => {
    expect(saltedForms(`CALL p('u', '${salted}'); ALTER USER u PASSWORD '${salted.toUpperCase()}'`)).to.have.length(2);
    expect(saltedForms("CREATE USER u PASSWORD 'sha256|Abcdef12'")).to.deep.equal([]);
  });

  for (const [password, problem] of [
    ["short1A", "8 to 64"],
    ["nocapital1", "upper-case"],
    ["Slash/12345", "printable ASCII"],
    ["sha256|abc|def", "64 hexadecimal digits"],
    ["sha256|lowercase", "upper-case"],
  ] as const) {
    it(`is refused as ${password}`, () => {
      expect(passwordProblem(password)).to.include(problem);
    });
  }

  it("is accepted in any of its forms", () => {
    for (const good of ["Abcdef12", salted, "md5153c434b4b77c89e6b94f12c5393af5b"]) {
      expect(passwordProblem(good)).to.equal(undefined);
    }
  });
});
