import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { checkDestinations } from "../../../../local/demo/check-destinations.ts";
import { type Engine, up } from "../../../../local/engine/engine.ts";
import { readStackConfig } from "../../../../local/engine/program/stack-config.ts";
import { readOutputs } from "../../../../operate/stack/outputs.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";
import { tellFigures } from "../../../support/figures.ts";
import { graph } from "../../../support/graph.ts";
import { stacks } from "../../../support/stacks.ts";

interface Grant {
  readonly policy: string;
  readonly statement: number;
  readonly action: number;
  readonly resource: number;
  /** The action and, where there are several, the place of the resource. */
  readonly title: string;
}

type Destinations = Record<string, { readonly mapping?: object; readonly function?: object }>;

/** An item that no message and no row can hold: its changes need the right to store them in S3. */
const oversize = { ratings: { L: Array.from({ length: 110_000 }, (_, index) => ({ N: String(index % 10) })) } };

const { root } = stacks;

describe("the roles of the dev stack", () => {
  const { config } = readStackConfig({ root, stack: "dev" });
  const own: Destinations = JSON.parse(config["fanout:destinations"] ?? "{}");

  it("have no grant that is not needed, and lack none", async function () {
    this.timeout(600_000);
    const begin = performance.now();
    expect(await failure(), "with every grant").to.equal(undefined);
    const grants = await everyGrant();
    expect(grants.length).to.be.greaterThan(20);
    const needless: string[] = [];
    for (const grant of grants) {
      const why = await failure(grant);
      if (why === undefined) needless.push(`${grant.policy}: ${grant.title}`);
      else {
        // What is wrong is said where it is seen; SQS writes actions in lower case.
        const operation = grant.title.split(" ")[0]!.split(":")[1]!.toLowerCase();
        expect(why.toLowerCase(), `without ${grant.policy}: ${grant.title}`).to.contain(operation);
      }
    }
    expect(needless, "grants without which everything works").to.deep.equal([]);
    const seconds = Math.round((performance.now() - begin) / 1000);
    await tellFigures(
      `The dev stack without one grant: ${grants.length} grants, each removed in turn and missed, in ${seconds} s`,
    );
  });

  /** Every action on every resource in every role's policy, as the program registers them. */
  async function everyGrant(): Promise<Grant[]> {
    const made = await graph({ stack: "dev" });
    return made.of("aws:iam/rolePolicy:RolePolicy").flatMap(({ name, inputs }) => {
      const { Statement } = JSON.parse(String(inputs.policy)) as { Statement: Record<string, unknown>[] };
      return Statement.flatMap(({ Action, Resource }, statement) =>
        [Action].flat().flatMap((title, action) =>
          [Resource].flat().map((_, resource, { length }) => ({
            ...{ policy: name, statement, action, resource },
            title: length === 1 ? String(title) : `${title} (${resource + 1})`,
          })),
        ),
      );
    });
  }

  /** What goes wrong without a grant: the stack does not come up, a problem is reported, or changes do not arrive. Undefined if nothing does. */
  async function failure(grant?: Grant): Promise<string | undefined> {
    const { endpoint } = await sharedDynamoDb();
    const problems: string[] = [];
    let engine: Engine | undefined;
    try {
      engine = await up({
        root,
        program: join(root, "../programs/less-a-grant.ts"),
        dynamoDbEndpoint: endpoint,
        timeScale: 0.001,
        onProblem: (text) => problems.push(text),
        config: { "fanout:destinations": concerned(grant), ...(grant && { "less:grant": grant }) },
      });
      const outputs = readOutputs(engine.outputs);
      for (const Item of [{ id: { S: "one" } }, { ...oversize, id: { S: "two" } }]) {
        await engine.clients.dynamodb.send(new PutItemCommand({ TableName: outputs.table, Item }));
      }
      await engine.idle();
      if (problems.length > 0) return problems.join("\n");
      const logs = [...engine.functions.values()].flatMap(({ log }) => log);
      for (const { name, arrived, failureMessages, problems: missing } of await checkDestinations(engine, outputs)) {
        if (failureMessages === 0 && missing.length === 0) continue;
        const causes = [...logs, ...(engine.firehose?.errors ?? []).map(({ message }) => message)];
        return [`${name}: ${arrived}, ${failureMessages} failure messages`, ...missing, ...causes].join("\n");
      }
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await engine?.down();
    }
  }

  /** The destinations that a policy may be about, by its name, or else all; what fails there is given up at once. */
  function concerned(grant: Grant | undefined): Destinations {
    const all = Object.entries(own);
    const some = all.filter(([name]) => grant?.policy.startsWith(`fanout-${name}-`));
    return Object.fromEntries(
      (some.length > 0 ? some : all).map(([name, settings]) => [
        name,
        {
          ...settings,
          mapping: { ...settings.mapping, maximumRetryAttempts: 0 },
          // What lacks a grant waits for it as long as its function may run; with every grant nothing waits.
          function: { ...settings.function, ...(grant && { timeout: 4 }) },
        },
      ]),
    );
  }
});
