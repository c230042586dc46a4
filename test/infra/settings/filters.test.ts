import { expect } from "chai";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" }, ttlAttribute: "until" };
const withFilters = (filters: unknown) => ({ source, destinations: { a: { kind: "sqs", filters } } });

describe("filters", () => {
  it("reach the mapping as JSON text, whether written as YAML or as JSON", async () => {
    const { named } = await graph({
      config: withFilters([
        { dynamodb: { NewImage: { status: { S: ["OPEN"] } } } },
        '{ "eventName": ["REMOVE"], "userIdentity": { "type": ["Service"] } }',
        { $or: [{ eventName: ["INSERT"] }, { eventName: ["MODIFY"] }] },
      ]),
    });
    expect(named("fanout-a-mapping").inputs.filterCriteria).to.deep.equal({
      filters: [
        { pattern: '{"dynamodb":{"NewImage":{"status":{"S":["OPEN"]}}}}' },
        { pattern: '{"eventName":["REMOVE"],"userIdentity":{"type":["Service"]}}' },
        { pattern: '{"$or":[{"eventName":["INSERT"]},{"eventName":["MODIFY"]}]}' },
      ],
    });
  });

  it("are left out where there are none", async () => {
    const { named } = await graph({ config: withFilters([]) });
    expect(named("fanout-a-mapping").inputs).to.not.have.property("filterCriteria");
  });

  it("say what is wrong with each of them", async () => {
    const long = { eventName: ["x".repeat(4096)] };
    expect(
      await refusal(
        withFilters(['{"eventName":', [], { eventSource: ["aws:dynamodb"] }, { eventName: "INSERT" }, long]),
      ),
    ).to.deep.equal([
      "destinations.a.filters[1]: [] is not allowed; expected an event filter pattern",
      'destinations.a.filters[0]: "{\\"eventName\\":" is not a JSON object; expected a pattern such as {"eventName":["INSERT"]}',
      "destinations.a.filters[2].eventSource: cannot be filtered on; allowed at the top of a pattern: dynamodb, eventName, userIdentity, $or",
      'destinations.a.filters[3].eventName: "INSERT" is not a list; expected ["INSERT"]',
      "destinations.a.filters[4]: the pattern has 4114 characters; expected at most 4096",
    ]);
    expect(
      await refusal(
        withFilters([
          '{"eventName":',
          "[]",
          { eventSource: ["aws:dynamodb"] },
          { dynamodb: { Keys: { id: { S: "1" } } } },
          long,
        ]),
      ),
    ).to.deep.equal([
      'destinations.a.filters[0]: "{\\"eventName\\":" is not a JSON object; expected a pattern such as {"eventName":["INSERT"]}',
      'destinations.a.filters[1]: "[]" is not a JSON object; expected a pattern such as {"eventName":["INSERT"]}',
      "destinations.a.filters[2].eventSource: cannot be filtered on; allowed at the top of a pattern: dynamodb, eventName, userIdentity, $or",
      'destinations.a.filters[3].dynamodb.Keys.id.S: "1" is not a list; expected ["1"]',
      "destinations.a.filters[4]: the pattern has 4114 characters; expected at most 4096",
    ]);
  });

  it("say what is wrong with an operator, before anything is created", async () => {
    const status = (rule: unknown) => ({ dynamodb: { NewImage: { status: { S: [rule] } } } });
    expect(
      await refusal(
        withFilters([
          status({ wildcard: "O*" }),
          status({ prefix: 1 }),
          { dynamodb: { Keys: {} } },
          '{"eventName":["INSERT"],"eventName":["MODIFY"]}',
          { $or: [{ eventName: ["INSERT"] }, { awsRegion: ["eu-west-1"] }] },
        ]),
      ),
    ).to.deep.equal([
      'destinations.a.filters[0]: is no event filter pattern: "dynamodb.NewImage.status.S" has "wildcard", which is none of prefix, suffix, equals-ignore-case, anything-but, numeric, exists',
      'destinations.a.filters[1]: is no event filter pattern: "dynamodb.NewImage.status.S": "prefix" is not a string',
      'destinations.a.filters[2]: is no event filter pattern: "dynamodb.Keys" is empty',
      'destinations.a.filters[3]: is no event filter pattern: it has "eventName" twice in one object; write one that has both contents',
      'destinations.a.filters[4]: is no event filter pattern: "awsRegion" cannot be filtered on; only dynamodb, eventName, userIdentity can',
    ]);
  });

  it("are held against what the stream's records can be, whether the table is made or adopted", async () => {
    const filters = [{ dynamodb: { Keys: { at: { N: ["1"] } } } }, { dynamodb: { OldImage: { a: { S: ["x"] } } } }];
    const lines = [
      "destinations.a.filters[0].dynamodb.Keys.at: is no attribute of the key; expected one of id",
      "destinations.a.filters[1].dynamodb.OldImage: is never there: the stream view type NEW_IMAGE has no `OldImage`",
    ];
    const destinations = { a: { kind: "sqs", filters } };
    const made = { hashKey: { name: "id", type: "S" }, streamViewType: "NEW_IMAGE" };
    expect(await refusal({ source: made, destinations })).to.deep.equal(lines);
    const films = {
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      replicas: [],
    };
    const adopted = { existing: { tableName: "films" } };
    expect(await refusal({ source: adopted, destinations }, { tables: { films } })).to.deep.equal(lines);
  });

  it("are held against what is known, where the source is wrong too", async () => {
    const filters = [{ dynamodb: { Keys: { at: { N: ["1"] } } } }, { eventName: ["insert"] }];
    expect(await refusal({ source: {}, destinations: { a: { kind: "sqs", filters } } })).to.deep.equal([
      "source.hashKey: is missing; expected settings (name, type)",
      'destinations.a.filters[1].eventName: "insert" can never match; did you mean "INSERT"? expected "INSERT" or "MODIFY" or "REMOVE"',
    ]);
  });

  it("are warned of where they filter nothing, or keep deletes from a view of what there is", async () => {
    const all = await graph({ config: withFilters([{ eventName: ["INSERT", "MODIFY", "REMOVE"] }]) });
    expect(all.warnings).to.deep.equal([
      "destinations.a.filters: every change matches, so that nothing is filtered; leave the filters out, or say what is to be left out",
    ]);
    const filters = [{ eventName: ["INSERT", "MODIFY"] }];
    const log = await graph({ config: { source, destinations: { a: { kind: "redshift", filters } } } });
    expect(log.warnings).to.deep.equal([
      'destinations.a.filters: no pattern lets a delete through, so the current view would show deleted items for ever; add a pattern for them, such as {"eventName":["REMOVE"]}',
    ]);
    expect((await graph({ config: withFilters(filters) })).warnings).to.deep.equal([]);
  });

  it("are five at most", async () => {
    const six = Array.from({ length: 6 }, () => ({ eventName: ["INSERT"] }));
    const [line, ...others] = await refusal(withFilters(six));
    expect(line).to.match(
      /^destinations\.a\.filters: .* is not allowed; expected a list of at most 5, each an event filter pattern$/,
    );
    expect(others).to.deep.equal([]);
  });
});
