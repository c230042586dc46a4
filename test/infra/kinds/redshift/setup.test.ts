import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { setupBundle } from "../../../../infra/kinds/redshift/setup.ts";
import { type Graph, graph } from "../../../support/graph.ts";
import type { Recorded } from "../../../support/graph-recording.ts";
import { provisioned, sealed } from "./provisioned.ts";

const invocationType = "aws:lambda/invocation:Invocation";
const adminSecretArn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf";

/** A warehouse that exists, by one of its databases. */
function existing(cluster: string, database: string) {
  const jdbcUrl = `jdbc:redshift://${cluster}.abc123.us-east-1.redshift.amazonaws.com:5439/${database}`;
  return { jdbcUrl, adminSecretArn };
}

/** What a stack's warehouses may be: some share a cluster, some of those a database. */
const destination = fc.record(
  {
    consumer: fc.constantFrom("one", "two"),
    existing: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom("main", "other"), fc.constantFrom("dev", "prod")) },
    ),
  },
  { requiredKeys: ["existing"] },
);

describe("the statements of a stack's warehouses", () => {
  it("run one after the other in each warehouse, whichever destinations share it, and wait in no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(destination, { minLength: 1, maxLength: 4 }), async (drawn) => {
        const made = await stackOf(drawn);
        const runs = drawn.map((_, index) => made.named(`fanout-d${index}-setup-run`));
        expect(made.of(invocationType)).to.have.members(runs);
        const warehouses = drawn.map(({ existing: at }, index) => at?.[0] ?? `new ${index}`);
        for (const [a, one] of runs.entries()) {
          for (const [b, other] of runs.entries()) {
            if (a === b) continue;
            const ordered = ancestors(made, one).has(other.name) || ancestors(made, other).has(one.name);
            expect(ordered, `${one.name}, ${other.name}`).to.equal(warehouses[a] === warehouses[b]);
          }
        }
      }),
      { seed: 35, numRuns: 15 },
    );
  });

  it("are no resources that a refresh would read again, after the Data API has forgotten them", async () => {
    const made = await stackOf([{ existing: undefined }, { existing: ["main", "dev"] }]);
    expect(made.resources.filter(({ type }) => type.startsWith("aws:redshiftdata/"))).to.deep.equal([]);
  });

  it("are run anew by the command that the pages for operators give: an update by itself runs none again", async () => {
    const made = await stackOf([{ existing: undefined }]);
    const command = "pulumi up --replace '**fanout-<destination>-setup-run'";
    expect(made.named(`${/fanout-.*-run/.exec(command)![0].replace("<destination>", "d0")}`).type).to.equal(
      invocationType,
    );
    for (const page of ["failed-loads", "warehouse"])
      expect(readFileSync(`docs/${page}.md`, "utf8"), page).to.include(command);
  });

  it("run again when one of them is another, or the warehouse is", async () => {
    const run = (of: Graph) => of.named("fanout-d0-setup-run").inputs;
    const made = await stackOf([{ existing: ["main", "dev"] }]);
    const input = JSON.parse(String(run(made).input));
    expect(Object.keys(input)).to.deep.equal(["statements"]);
    expect(input.statements).to.have.length(5);
    expect(run(made)).to.deep.include({
      functionName: "fanout-d0-setup-function-1234567",
      triggers: { warehouse: "main.abc123.us-east-1.redshift.amazonaws.com", database: "dev" },
    });
    expect(run(made)).to.not.have.property("lifecycleScope"); // CREATE_ONLY: another input is another invocation
    const { triggers } = (await provisioned({})).find(invocationType).inputs;
    expect(triggers).to.deep.equal({ warehouse: "fanout-sales-events-warehouse-namespace-id", database: "fanout" });
  });
});

describe("the function that prepares a warehouse", () => {
  it("runs no other statements than those that it is invoked with", async () => {
    const made = await provisioned({});
    const { statements } = JSON.parse(made.find(invocationType).inputs.input as string) as { statements: string[] };
    const settings = settingsOf(made.find("aws:lambda/function:Function").inputs);
    expect(settings).to.deep.equal({
      target: {
        WorkgroupName: "dynamodb-fanout-dev-fanout-sales-events",
        Database: "fanout",
        SecretArn: "arn:aws:redshiftserverless:us-east-1:111122223333:fanout-sales-events-warehouse-namespace-admin",
      },
      known: statements.map((sql) => createHash("sha256").update(sql).digest("hex")),
    });
    const { raw } = made.find(invocationType);
    expect(sealed(raw)).to.have.property("input", "sealed");
  });

  it("has code of its own, which tells nothing of the machine that made it", () => {
    const bundle = setupBundle();
    const sources: string[] = JSON.parse(bundle["index.mjs.map"]).sources;
    expect(sources.filter((path) => !path.includes("node_modules"))).to.have.members([
      "handlers/kinds/redshift/statements.ts",
      "handlers/entry.ts",
    ]);
    for (const text of Object.values(bundle)) expect(text.includes(process.cwd())).to.equal(false);
  });

  it("begins once the usage limit is what the settings say, which may be what had stopped it", async () => {
    const { dependencies } = (await provisioned({})).find(invocationType);
    expect(dependencies).to.include("fanout-sales-events-warehouse-usage-limit");
  });

  const log = { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"] };
  const describing = { Effect: "Allow", Action: ["redshift-data:DescribeStatement"], Resource: "*" };

  it("may run statements in its own warehouse, with its own secret", async () => {
    const made = await provisioned({});
    const arn = (service: string, name: string) =>
      `arn:aws:${service}:us-east-1:111122223333:fanout-sales-events-${name}`;
    expect(statementsOf(made.find("aws:iam/rolePolicy:RolePolicy", "fanout-sales-events-setup-policy"))).to.deep.equal([
      { ...log, Resource: `${arn("cloudwatch", "setup-log")}:*` },
      {
        Effect: "Allow",
        Action: ["redshift-data:ExecuteStatement"],
        Resource: arn("redshiftserverless", "warehouse-workgroup"),
      },
      describing,
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: arn("redshiftserverless", "warehouse-namespace-admin"),
      },
    ]);
  });

  for (const [what, host, resource] of [
    ["cluster", "main.abc123.us-east-1.redshift", "redshift:us-east-1:111122223333:cluster:main"],
    [
      "workgroup",
      "bim.111122223333.us-east-1.redshift-serverless",
      "redshift-serverless:us-east-1:111122223333:workgroup/*",
    ],
  ] as const) {
    it(`may read the secret of a ${what} that exists, whatever key it has`, async () => {
      const jdbcUrl = `jdbc:redshift://${host}.amazonaws.com:5439/dev`;
      const made = await provisioned({ existing: { jdbcUrl, adminSecretArn }, schema: "lake" });
      const policy = made.find("aws:iam/rolePolicy:RolePolicy", "fanout-sales-events-setup-policy");
      expect(statementsOf(policy).slice(1)).to.deep.equal([
        { Effect: "Allow", Action: ["redshift-data:ExecuteStatement"], Resource: `arn:aws:${resource}` },
        describing,
        { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: adminSecretArn },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: "arn:aws:kms:us-east-1:111122223333:key/*",
          Condition: {
            StringEquals: {
              "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
              "kms:EncryptionContext:SecretARN": adminSecretArn,
            },
          },
        },
      ]);
    });
  }
});

type Drawn = { readonly consumer?: string; readonly existing: readonly [string, string] | undefined };

function stackOf(drawn: readonly Drawn[]): Promise<Graph> {
  const destinations = Object.fromEntries(
    drawn.map(({ consumer, existing: at }, index) => [
      `d${index}`,
      {
        kind: "redshift",
        ...(consumer === undefined ? {} : { consumer }),
        ...(at === undefined ? {} : { existing: existing(...at), schema: "lake" }),
      },
    ]),
  );
  const source = { hashKey: { name: "id", type: "S" } };
  return graph({ config: { source, destinations, maxReadersPerShard: 9 } });
}

function settingsOf({ environment }: Record<string, unknown>): unknown {
  return JSON.parse((environment as { variables: Record<string, string> }).variables.STATEMENTS!);
}

function statementsOf({ inputs }: { readonly inputs: Record<string, unknown> }): unknown[] {
  return JSON.parse(inputs.policy as string).Statement;
}

/** The names of all resources that one waits for, directly or not. */
function ancestors(made: Graph, { name }: Recorded): Set<string> {
  const found = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { waitsFor } of made.resources.filter((one) => one.name === next)) {
      for (const other of waitsFor) {
        if (!found.has(other)) waiting.push(other);
        found.add(other);
      }
    }
  }
  return found;
}
