import { expect } from "chai";
import { graph } from "../../support/graph.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
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

  it("are five at most", async () => {
    const six = Array.from({ length: 6 }, () => ({ eventName: ["INSERT"] }));
    const [line, ...others] = await refusal(withFilters(six));
    expect(line).to.match(
      /^destinations\.a\.filters: .* is not allowed; expected a list of at most 5, each an event filter pattern$/,
    );
    expect(others).to.deep.equal([]);
  });
});
