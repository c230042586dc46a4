import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type Names, physicalName } from "./names.ts";
import { callLoaderProcedure } from "./statements.ts";

interface LoaderArgs {
  readonly names: Names;
  /** What distinguishes the destination within its stack; the loader is named after it. */
  readonly owner: string;
}

/**
 * The database user that Firehose loads as. The clear password is in the secret only: the state holds it encrypted, and
 * the warehouse gets a salted hash of it.
 */
export class Loader extends pulumi.ComponentResource {
  readonly username: string;
  /** Secret with `username` and `password`, the form that Firehose reads. */
  readonly secretArn: pulumi.Output<string>;
  /** What must exist before Firehose can log in as the loader. */
  readonly ready: readonly pulumi.Resource[];
  /** The statement that makes the loader; it needs the procedure, and what the procedure grants. */
  readonly statement: pulumi.Output<string>;

  constructor(name: string, { names, owner }: LoaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:Loader", name, {}, opts);
    // Users belong to the whole warehouse, which other stacks may share.
    this.username = physicalName([pulumi.getProject(), pulumi.getStack(), owner, "loader"], "_", 63);
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 32, special: false, minLower: 1, minUpper: 1, minNumeric: 1 },
      { parent: this },
    );
    const salt = new random.RandomId(`${name}-salt`, { byteLength: 32 }, { parent: this });
    const secret = new aws.secretsmanager.Secret(
      `${name}-secret`,
      { description: `How Firehose logs in to load ${names.schema}.${names.changeLog}` },
      { parent: this },
    );
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-secret-version`,
      {
        secretId: secret.id,
        secretString: pulumi.jsonStringify({ username: this.username, password: password.result }),
      },
      { parent: this },
    );
    const call = pulumi
      .all([password.result, salt.hex])
      .apply(([clear, saltHex]) => callLoaderProcedure(names, this.username, passwordHash(clear, saltHex)));
    this.statement = pulumi.secret(call);
    this.ready = [version];
    this.secretArn = secret.arn;
    this.registerOutputs({ username: this.username, secretArn: this.secretArn });
  }
}

/**
 * A password in the form in which Redshift's CREATE USER and ALTER USER never see it: `sha256|digest|salt`, both in
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
