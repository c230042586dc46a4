import { expect } from "chai";
import fc from "fast-check";
import { kinds } from "../../infra/kinds.ts";
import { madeSuffix, nameless, nameRules, textRules } from "../support/aws-names.ts";
import { type Graph, graph } from "../support/graph.ts";
import type { Recorded } from "../support/graph-recording.ts";
import { policyStatements } from "../support/policies.ts";

// Pulumi's own rule for the names of projects and stacks (sdk/go/common/tokens in https://github.com/pulumi/pulumi).
const pulumiName = (length: fc.StringConstraints) =>
  fc.string({ unit: fc.constantFrom(..."aZ09-_."), minLength: 1, ...length });
const called = fc.record({
  project: fc.oneof(pulumiName({ maxLength: 8 }), pulumiName({ minLength: 100, maxLength: 100 })),
  stackName: fc.oneof(pulumiName({ maxLength: 8 }), pulumiName({ minLength: 100, maxLength: 100 })),
});
/** What the settings take as the name of a destination, at its longest. */
const longest = fc.tuple(
  fc.constantFrom("a", "z"),
  fc.string({ unit: fc.constantFrom(..."az09-"), minLength: 27, maxLength: 27 }),
  fc.constantFrom("a", "-"),
);
const options = { seed: 20_240_807, numRuns: 6 };

/** A stack with a destination of each kind; all names of destinations are as long as they may be, and begin alike. */
function stackOf([first, middle, last]: readonly [string, string, string]) {
  const destinations = Object.keys(kinds).map((kind, index) => [`${first}${middle}${index}${last}`, { kind }]);
  return {
    source: { hashKey: { name: "id", type: "S" } },
    destinations: Object.fromEntries(destinations),
    alarms: { email: "operators@example.com" },
    maxReadersPerShard: destinations.length,
  };
}

const awsResources = ({ resources }: Graph) => resources.filter(({ type }) => !/^(?:fanout|pulumi):/.test(type));

/** The name that the resource gets in AWS; undefined if it has none. */
function nameOf({ type, name, inputs }: Recorded): string | undefined {
  const rule = nameRules[type];
  if (rule === undefined) return undefined;
  return String(inputs[rule.argument ?? "name"] ?? `${name}${madeSuffix}${inputs.fifoQueue ? ".fifo" : ""}`);
}

/** The names that the program gave itself, where the account and the Region must not have one of them twice. */
const givenNames = (made: Graph) =>
  awsResources(made)
    .filter(({ type, inputs }) => !nameRules[type]?.scoped && inputs[nameRules[type]?.argument ?? "name"] !== undefined)
    .map((resource) => `${resource.type} ${nameOf(resource)}`);

const textAt = (inputs: unknown, path: string) =>
  path.split(".").reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);

describe("what the program's resources are called in AWS", function () {
  this.timeout(240_000); // a graph for each run
  const made: { readonly one: Graph; readonly other: Graph }[] = [];
  before(async () => {
    for (const [one, other, name] of fc.sample(fc.tuple(called, called, longest), options)) {
      const config = stackOf(name);
      made.push({ one: await graph({ ...one, config }), other: await graph({ ...other, config }) });
    }
  });
  const all = () => made.flatMap(({ one, other }) => [one, other]);

  it("is known for every type of resource", () => {
    const types = new Set(all().flatMap((each) => awsResources(each).map(({ type }) => type)));
    for (const type of types)
      expect(type in nameRules || nameless.has(type), `test/support/aws-names.ts says nothing of ${type}`).to.equal(
        true,
      );
    expect(types.size).to.be.greaterThan(25);
  });

  it("is what AWS allows, however project, stack and destinations are called", () => {
    for (const resource of all().flatMap(awsResources)) {
      const rule = nameRules[resource.type];
      if (rule !== undefined) expect(nameOf(resource), `${resource.type} ${resource.name}`).to.match(rule.pattern);
    }
  });

  it("makes no text that AWS refuses: no host, no address, no description", () => {
    for (const { type, name, inputs } of all().flatMap(awsResources))
      for (const [path, pattern] of Object.entries(textRules[type] ?? {}))
        expect(String(textAt(inputs, path)), `${type} ${name} ${path}`).to.match(pattern);
  });

  it("is another in every stack, where the program chooses it", () => {
    for (const { one, other } of made) {
      expect(givenNames(one).length).to.be.greaterThan(1);
      expect(givenNames(one)).to.not.have.any.members(givenNames(other));
    }
  });

  it("is another for every resource of a stack", () => {
    for (const each of all()) {
      const names = awsResources(each)
        .filter(({ type }) => !nameRules[type]?.scoped)
        .map((resource) => `${resource.type} ${nameOf(resource) ?? resource.name}`);
      expect(new Set(names)).to.have.lengthOf(names.length);
    }
  });

  it("is said once in a policy, in letters and digits", () => {
    for (const each of all())
      for (const statements of Map.groupBy(policyStatements(each), ({ on }) => on).values()) {
        const ids = statements.map(({ sid }) => sid).filter((sid) => sid !== undefined);
        expect(ids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).to.deep.equal([]);
        expect(new Set(ids)).to.have.lengthOf(ids.length);
      }
  });
});
