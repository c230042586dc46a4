import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { archiveOf, type Bundle, bundleEntry, runsBundles } from "../../parts/bundle-entry.ts";
import { trustLambda } from "../../parts/trust.ts";
import type { Turns } from "../../turns.ts";
import type { Warehouse } from "./warehouse.ts";

interface SetupArgs {
  readonly warehouse: Warehouse;
  /** What to run, in this order; each may run again at any time. */
  readonly statements: readonly pulumi.Input<string>[];
  readonly turns: Turns;
  /** Days for which the function's log is kept. */
  readonly logRetentionDays: number;
}

/**
 * Runs statements in a warehouse while the stack is being deployed, and again when one of them, or the warehouse, is
 * another: a function that the Data API runs them for, and its invocation.
 *
 * `aws.redshiftdata.Statement` would be simpler. But the Data API forgets a statement after a day, so that every refresh
 * after that makes the provider run it again (https://github.com/pulumi/pulumi-aws/issues/2055); an invocation is never read
 * back. And a Statement waits 30 seconds before it looks, for each one.
 */
export class Setup extends pulumi.ComponentResource {
  /** The invocation that has run them all. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: SetupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:Setup", name, {}, opts);
    const { warehouse, turns } = args;
    const child = { parent: this };
    const statements = pulumi.all([...args.statements]);
    const logGroup = new aws.cloudwatch.LogGroup(`${name}-log`, { retentionInDays: args.logRetentionDays }, child);
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy: trustLambda(child) }, child);
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: pulumi.jsonStringify(permissions(warehouse, logGroup)) },
      child,
    );
    const runner = new aws.lambda.Function(
      `${name}-function`,
      {
        ...runsBundles,
        code: archiveOf(setupBundle()),
        role: role.arn,
        memorySize: 256,
        timeout: 900, // the first statement of a day wakes the warehouse
        environment: {
          variables: {
            STATEMENTS: pulumi.jsonStringify({ target: warehouse.dataApi.target, known: statements.apply(digests) }),
            NODE_OPTIONS: "--enable-source-maps",
          },
        },
        loggingConfig: {
          logFormat: "JSON",
          applicationLogLevel: "INFO",
          systemLogLevel: "INFO",
          logGroup: logGroup.name,
        },
      },
      { ...child, dependsOn: [policy] },
    );
    this.done = turns.take(
      `statements in ${warehouse.identity.name}`,
      (before) =>
        new aws.lambda.Invocation(
          `${name}-run`,
          {
            functionName: runner.name,
            input: pulumi.jsonStringify({ statements }),
            triggers: { warehouse: warehouse.identity.made, database: warehouse.database },
          },
          { ...child, dependsOn: [...before, ...warehouse.ready] },
        ),
    );
    this.registerOutputs({});
  }
}

/** The code of the function that runs statements. */
export function setupBundle(): Bundle {
  bundled ??= bundleEntry(
    'import { statements } from "./kinds/redshift/statements.ts";\nexport const handler = statements();\n',
  );
  return bundled;
}

let bundled: Bundle | undefined; // the same for all

/** Whoever may invoke the function acts as a superuser, so it knows by their digests the only statements that it runs. */
function digests(statements: readonly string[]): string[] {
  return statements.map((sql) => createHash("sha256").update(sql).digest("hex"));
}

function permissions({ dataApi }: Warehouse, logGroup: aws.cloudwatch.LogGroup) {
  const allow = (Action: readonly string[], Resource: pulumi.Input<string>, Condition?: object) => ({
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${logGroup.arn}:*`),
      allow(["redshift-data:ExecuteStatement"], dataApi.resource),
      // AWS knows no resource for it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_redshift-data.html
      allow(["redshift-data:DescribeStatement"], "*"),
      // The Data API reads the secret with the rights of who calls it.
      allow(["secretsmanager:GetSecretValue"], dataApi.target.SecretArn),
      ...dataApi.keys.map(({ resource, condition }) => allow(["kms:Decrypt"], resource, condition)),
    ],
  };
}
