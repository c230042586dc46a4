import { expect } from "chai";
import { type Graph, graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const destinations = { events: { kind: "sqs" } };
const described = ({ resources, named }: Graph) => [
  named("fanout-table").inputs,
  ...resources.map(({ type, name }) => `${type} ${name}`),
];

describe("the settings' keys", () => {
  it("are the same whatever the project is called, and need no word", async () => {
    const config = { "fanout:source": source, "fanout:destinations": destinations };
    for (const project of ["films", "fanout"]) {
      const made = await graph({ project, config });
      expect(made.warnings).to.deep.equal([]);
      expect(made.of("aws:sqs/queue:Queue")).to.have.lengthOf(3);
    }
  });

  it("under the project's name are still understood, with a line that says how to move them", async () => {
    const own = { "films:source": source, "films:destinations": destinations, "films:maxReadersPerShard": 1 };
    const made = await graph({ project: "films", config: own });
    expect(made.warnings).to.deep.equal([
      "The settings have a namespace of their own, and the next version reads no others. In Pulumi.test.yaml, or wherever they are set, rename `source` (or `films:source`) to `fanout:source`, `maxReadersPerShard` (or `films:maxReadersPerShard`) to `fanout:maxReadersPerShard`, `destinations` (or `films:destinations`) to `fanout:destinations`; under `config` in Pulumi.yaml, remove what is still declared of `source`, `maxReadersPerShard`, `destinations`.",
    ]);
    const moved = { "fanout:source": source, "fanout:destinations": destinations, "fanout:maxReadersPerShard": 1 };
    expect(described(made)).to.deep.equal(described(await graph({ project: "films", config: moved })));
  });

  it("may be moved one by one", async () => {
    const config = { "films:source": source, "fanout:destinations": destinations };
    const { warnings } = await graph({ project: "films", config });
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0])
      .to.include("`source` (or `films:source`) to `fanout:source`; under")
      .and.not.include(":destinations");
  });

  it("are refused where both are given, whatever else is wrong", async () => {
    const config = {
      "films:source": source,
      source: { hashKey: { name: "id", type: "X" } },
      "films:destinations": {},
      destinations,
    };
    expect(await refusal(config, { project: "films" })).to.deep.equal([
      "source: is set as fanout:source and as films:source; expected the first alone: move what the second has, then `pulumi config rm films:source`",
      "destinations: is set as fanout:destinations and as films:destinations; expected the first alone: move what the second has, then `pulumi config rm films:destinations`",
      'source.hashKey.type: "X" is not allowed; expected one of S, N, B',
    ]);
  });

  it("are all known, and one that nearly is a setting is told which", async () => {
    const config = { source, destinations, destination: {}, colour: true, "films:maxReaderPerShard": 3 };
    expect(await refusal(config, { project: "films" })).to.deep.equal([
      "fanout:destination: is not a setting; did you mean `fanout:destinations`?",
      "fanout:colour: is not a setting; allowed here: fanout:source, fanout:maxReadersPerShard, fanout:destinations, fanout:alarms",
      "films:maxReaderPerShard: is not a setting; did you mean `fanout:maxReadersPerShard`?",
    ]);
  });

  it("leave the project's own name to the project", async () => {
    const made = await graph({ project: "films", config: { source, destinations, "films:colour": "red" } });
    expect(made.warnings).to.deep.equal([]);
  });

  it("that were set without --path are told how to set a part", async () => {
    const config = { source, destinations, "source.name": "films", "films:destinations[0]": "sqs" };
    expect(await refusal(config, { project: "films" })).to.deep.equal([
      'fanout:source.name: is not a setting; a part of one is set with --path: `pulumi config set --path "fanout:source.name" VALUE`',
      'films:destinations[0]: is not a setting; a part of one is set with --path: `pulumi config set --path "fanout:destinations[0]" VALUE`',
    ]);
  });
});
