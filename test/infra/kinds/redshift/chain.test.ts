import { expect } from "chai";
import fc from "fast-check";
import { type Graph, graph, type Recorded } from "../../../support/graph.ts";

const statementType = "aws:redshiftdata/statement:Statement";
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
  it("run one after the other in each warehouse, whichever destinations share it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(destination, { minLength: 1, maxLength: 4 }), async (drawn) => {
        const made = await stackOf(drawn);
        const warehouses = Map.groupBy(made.of(statementType), warehouseOf);
        expect([...warehouses.values()].flat()).to.have.length(
          drawn.reduce((sum, one) => sum + (one.existing === undefined ? 6 : 5), 0),
        );
        for (const statements of warehouses.values()) {
          const rest = statements.filter((one) => !isOrdered(made, one, statements));
          expect(rest.map(({ name }) => name)).to.deep.equal([]);
        }
      }),
      { seed: 35, numRuns: 15 },
    );
  });

  it("run in the order in which they need each other", async () => {
    const made = await stackOf([{ existing: ["main", "dev"] }, { existing: ["main", "prod"] }]);
    const order = ["schema", "table", "view", "loader-procedure", "loader-user"];
    const names = ["d0", "d1"].flatMap((name) => order.map((what) => `fanout-${name}-change-log-${what}`));
    expect(made.of(statementType).map(({ name }) => name)).to.have.members(names);
    for (const [index, name] of names.entries()) {
      const before = made.named(name).waitsFor.filter((other) => names.includes(other));
      expect(before, name).to.deep.equal(index === 0 ? [] : [names[index - 1]]);
    }
  });

  it("make nobody wait in another warehouse", async () => {
    const made = await stackOf([
      { existing: ["main", "dev"] },
      { existing: ["other", "dev"] },
      { existing: undefined },
    ]);
    for (const [name, others] of [
      ["d0", /fanout-d[12]-/],
      ["d1", /fanout-d[02]-/],
      ["d2", /fanout-d[01]-/],
    ] as const) {
      const reached = [...ancestors(made, made.named(`fanout-${name}-change-log-loader-user`).name)];
      expect(reached.filter((other) => others.test(other))).to.deep.equal([]);
    }
  });
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

function warehouseOf({ inputs }: Recorded): string {
  return String(inputs.clusterIdentifier ?? inputs.workgroupName);
}

/** Whether a statement waits for each of the others, or they for it. */
function isOrdered(made: Graph, { name }: Recorded, statements: readonly Recorded[]): boolean {
  const before = ancestors(made, name);
  return statements.every(
    (other) => other.name === name || before.has(other.name) || ancestors(made, other.name).has(name),
  );
}

/** The names of all resources that one waits for, directly or not. */
function ancestors(made: Graph, name: string): Set<string> {
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
