import { expect } from "chai";
import { compilePattern, duplicateKey, InvalidPattern } from "../../../infra/filters/pattern.ts";

const record = {
  eventName: "MODIFY",
  eventSource: "aws:dynamodb",
  userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
  dynamodb: {
    ApproximateCreationDateTime: 1_700_000_000,
    Keys: { id: { S: "order#17" } },
    NewImage: {
      status: { S: "Open" },
      empty: { S: "" },
      amount: { N: "4567" },
      flag: { BOOL: true },
      nothing: { NULL: true },
      tags: { SS: ["red", "blue"] },
      lines: { L: [{ M: { sku: { S: "a" }, count: { N: "1" } } }, { M: { sku: { S: "b" }, count: { N: "2" } } }] },
      names: { L: [{ S: "x" }, { N: "1" }] },
      none: { L: [] },
    },
  },
};

/** A pattern on the new image. */
const image = (fields: unknown) => ({ dynamodb: { NewImage: fields } });

describe("compilePattern", () => {
  const table: [string, unknown, boolean][] = [
    ["recorded: an event's name", { eventName: ["MODIFY"] }, true],
    ["recorded: one of two event names", { eventName: ["INSERT", "MODIFY"] }, true],
    ["another event's name", { eventName: ["INSERT"] }, false],
    ["who deleted it", { userIdentity: { type: ["Service"], principalId: ["dynamodb.amazonaws.com"] } }, true],
    ["equals", image({ status: { S: ["Open"] } }), true],
    ["equals, in another case", image({ status: { S: ["OPEN"] } }), false],
    ["recorded: without the type letter", image({ status: ["Open"] }), false],
    ["equals-ignore-case", image({ status: { S: [{ "equals-ignore-case": "oPEN" }] } }), true],
    ["equals-ignore-case, another text", image({ status: { S: [{ "equals-ignore-case": "shut" }] } }), false],
    ["prefix", { dynamodb: { Keys: { id: { S: [{ prefix: "order#" }] } } } }, true],
    ["prefix, elsewhere", { dynamodb: { Keys: { id: { S: [{ prefix: "#17" }] } } } }, false],
    ["suffix", { dynamodb: { Keys: { id: { S: [{ suffix: "#17" }] } } } }, true],
    ["suffix, elsewhere", { dynamodb: { Keys: { id: { S: [{ suffix: "order" }] } } } }, false],
    ["prefix on a boolean", image({ flag: { BOOL: [{ prefix: "t" }] } }), false],
    ["an empty text", image({ empty: { S: [""] } }), true],
    ["an empty text, where there is one", image({ status: { S: [""] } }), false],
    ["a boolean", image({ flag: { BOOL: [true] } }), true],
    ["a boolean, as text", image({ flag: { BOOL: ["true"] } }), false],
    ["null, where there is none", image({ nothing: { NULL: [null] } }), false],
    ["all of several fields", image({ status: { S: ["Open"] }, flag: { BOOL: [true] } }), true],
    ["all of several fields, one wrong", image({ status: { S: ["Open"] }, flag: { BOOL: [false] } }), false],
    ["one of several values", image({ status: { S: ["Shut", { prefix: "Op" }] } }), true],
    ["anything-but", image({ status: { S: [{ "anything-but": "Shut" }] } }), true],
    ["anything-but, that very value", image({ status: { S: [{ "anything-but": "Open" }] } }), false],
    ["anything-but a list", image({ status: { S: [{ "anything-but": ["Shut", "Open"] }] } }), false],
    ["anything-but a number", { dynamodb: { ApproximateCreationDateTime: [{ "anything-but": [1, 2] }] } }, true],
    ["anything-but, of a missing field", image({ missing: { S: [{ "anything-but": "x" }] } }), false],
    ["anything-but, on a set", image({ tags: { SS: [{ "anything-but": "red" }] } }), true],
    ["recorded: numeric on N never matches", image({ amount: { N: [{ numeric: ["=", 4567] }] } }), false],
    ["a number of an item, as text", image({ amount: { N: ["4567"] } }), true],
    [
      "recorded: numeric on a real number",
      { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">", 1_600_000_000] }] } },
      true,
    ],
    [
      "numeric range",
      { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">=", 1_700_000_000, "<", 1_700_000_001] }] } },
      true,
    ],
    [
      "numeric range, beyond",
      { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">", 1_700_000_000, "<=", 1_800_000_000] }] } },
      false,
    ],
    ["numeric, less", { dynamodb: { ApproximateCreationDateTime: [{ numeric: ["<=", 1_700_000_000] }] } }, true],
    ["recorded: exists on a leaf", image({ status: { S: [{ exists: true }] } }), true],
    ["exists on a leaf that is missing", image({ missing: { S: [{ exists: true }] } }), false],
    ["exists: false on a leaf", image({ status: { S: [{ exists: false }] } }), false],
    ["exists: false on a missing leaf", image({ missing: { S: [{ exists: false }] } }), true],
    ["exists: false in a missing image", { dynamodb: { OldImage: { status: { S: [{ exists: false }] } } } }, true],
    ["recorded: exists: false on a node that is there", image({ status: [{ exists: false }] }), true],
    ["recorded: exists: false on a node that is missing", image({ missing: [{ exists: false }] }), true],
    ["exists: true on a node", image({ status: [{ exists: true }] }), false],
    ["exists: false on an empty list", image({ none: { L: { S: [{ exists: false }] } } }), true],
    ["exists: false, in no element of a list", image({ names: { L: { BOOL: [{ exists: false }] } } }), true],
    ["exists: false, in one element of a list", image({ names: { L: { N: [{ exists: false }] } } }), false],
    ["missing, or a value", image({ missing: { S: [{ exists: false }, "x"] } }), true],
    ["one element of a set", image({ tags: { SS: ["blue"] } }), true],
    ["no element of a set", image({ tags: { SS: ["green"] } }), false],
    [
      "two fields of the same element",
      image({ lines: { L: { M: { sku: { S: ["b"] }, count: { N: ["2"] } } } } }),
      true,
    ],
    [
      "two fields of different elements",
      image({ lines: { L: { M: { sku: { S: ["a"] }, count: { N: ["2"] } } } } }),
      false,
    ],
    ["$or, second", { $or: [{ eventName: ["INSERT"] }, image({ flag: { BOOL: [true] } })] }, true],
    ["$or, none", { $or: [{ eventName: ["INSERT"] }, { eventName: ["REMOVE"] }] }, false],
    [
      "$or inside, and a sibling",
      image({ status: { S: ["Open"] }, $or: [{ flag: { BOOL: [true] } }, { amount: { N: ["1"] } }] }),
      true,
    ],
    [
      "$or inside, and a wrong sibling",
      image({ status: { S: ["Shut"] }, $or: [{ flag: { BOOL: [true] } }, { amount: { N: ["1"] } }] }),
      false,
    ],
    ["an object where a leaf is expected", { dynamodb: ["x"] }, false],
    ["a leaf where an object is expected", { eventName: { S: ["MODIFY"] } }, false],
    ["an inherited property", image({ constructor: { name: [{ exists: true }] } }), false],
  ];
  for (const [name, pattern, expected] of table) {
    it(`${expected ? "matches" : "does not match"}: ${name}`, () => {
      expect(compilePattern(JSON.stringify(pattern))(record)).to.equal(expected);
    });
  }

  it("matches null where there is one", () => {
    const matches = compilePattern('{"userIdentity":[null]}');
    expect(matches({ userIdentity: null })).to.equal(true);
    expect(matches({ userIdentity: "x" })).to.equal(false);
    expect(matches({})).to.equal(false);
  });

  const name = (rule: unknown) => JSON.stringify({ eventName: [rule] });
  const invalid: [string, string, string][] = [
    ["what is not JSON", "eventName", "it is not JSON: "],
    ["a list", "[]", "the pattern is not an object"],
    ["nothing", "{}", "the pattern is empty"],
    ["an empty object inside", '{"dynamodb":{}}', '"dynamodb" is empty'],
    ["a bare value", '{"dynamodb":{"Keys":"x"}}', '"dynamodb.Keys" is neither a list of values nor an object'],
    ["an empty list", '{"eventName":[]}', '"eventName" is an empty list'],
    ["a list in a list", name(["INSERT"]), '"eventName" has a list inside its list'],
    ["an empty operator", name({}), '"eventName" has "", which is none of '],
    ["an unknown operator", name({ wildcard: "*" }), '"eventName" has "wildcard", which is none of prefix, suffix, '],
    ["two operators in one", name({ prefix: "a", suffix: "b" }), '"eventName" has several operators in one object'],
    ["a prefix that is no text", name({ prefix: 1 }), '"eventName": "prefix" is not a string'],
    ["exists with a text", name({ exists: "yes" }), '"eventName": "exists" is neither true nor false'],
    [
      "anything-but of both kinds",
      name({ "anything-but": ["a", 1] }),
      '"eventName": "anything-but" is neither a string',
    ],
    ["anything-but of nothing", name({ "anything-but": [] }), '"eventName": "anything-but" is neither a string'],
    [
      "anything-but with an operator",
      name({ "anything-but": { prefix: "a" } }),
      '"eventName": "anything-but" is neither a string',
    ],
    ["half a comparison", name({ numeric: ["="] }), '"eventName": "numeric" is not like '],
    ["an unknown comparison", name({ numeric: ["!=", 1] }), '"eventName": "numeric" is not like '],
    ["a comparison with a text", name({ numeric: ["=", "1"] }), '"eventName": "numeric" is not like '],
    ["a comparison that is no list", name({ numeric: 1 }), '"eventName": "numeric" is not like '],
    ["a range that is empty", name({ numeric: [">", 5, "<", 1] }), '"eventName": "numeric" is not like '],
    ["a range that is none", name({ numeric: ["<", 1, ">", 5] }), '"eventName": "numeric" is not like '],
    ["a number out of bounds", name({ numeric: ["<", 6e9] }), '"eventName": "numeric" is not like '],
    [
      "the same key twice",
      '{"dynamodb":{"Keys":{"a":{"S":["x"]}}}, "dynamodb" : {"Keys":{"b":{"S":["y"]}}}}',
      'it has "dynamodb" twice in one object; write one that has both contents',
    ],
    ["a prefix without case", name({ prefix: { "equals-ignore-case": "a" } }), '"eventName": "prefix" is not a string'],
    ["an address range", name({ cidr: "10.0.0.0/24" }), '"eventName" has "cidr", which is none of prefix, suffix, '],
    ["an $or of one", '{"$or":[{"eventName":["INSERT"]}]}', '"$or" is not a list of two or more objects'],
    [
      "metadata",
      '{"awsRegion":["eu-west-1"]}',
      '"awsRegion" cannot be filtered on; only dynamodb, eventName, userIdentity can',
    ],
    [
      "metadata in an $or",
      '{"$or":[{"eventName":["INSERT"]},{"eventSource":["aws:dynamodb"]}]}',
      '"eventSource" cannot be filtered on',
    ],
  ];
  for (const [what, text, reason] of invalid) {
    it(`refuses ${what}`, () => {
      expect(() => compilePattern(text))
        .to.throw(InvalidPattern)
        .with.property("message")
        .that.satisfies((message: string) => message.startsWith(`Invalid filter pattern definition. (${reason}`));
    });
  }
});

describe("duplicateKey", () => {
  const table: [string, string, string | undefined][] = [
    ["none", '{"a":1,"b":{"a":2}}', undefined],
    ["at the top", '{"a":1,"a":2}', "a"],
    ["spelled differently", '{"a":1,"\\u0061":2}', "a"],
    ["further in", '{"x":[{"b":{"c":1 , "c" :2}}]}', "c"],
    ["in neighbours only", '[{"a":1},{"a":2}]', undefined],
    ["after an object that has ended", '{"a":{"b":1},"b":2,"a":3}', "a"],
    ["as values only", '{"a":"b","b":"b"}', undefined],
    ["within texts only", '{"a":"{\\"b\\":1,\\"b\\":2}","b":"\\\\"}', undefined],
  ];
  for (const [name, json, expected] of table) {
    it(`${name}: ${expected ?? "none"}`, () => expect(duplicateKey(json)).to.equal(expected));
  }
});
