import { expect } from "chai";
import { image, keys, n, names, noSingle, number, ofAnyType, old, told } from "./filter-lines.ts";

describe("a filter that lets everything through though it does not look so", () => {
  const table: [string, unknown, string][] = [
    [
      "recorded: exists: false on an attribute",
      image({ status: [{ exists: false }] }),
      `.dynamodb.NewImage.status: {"exists":false} always matches ${noSingle} the attribute's type first: {"S":[{"exists":false}]}, ${ofAnyType}`,
    ],
    [
      "exists: false on an image",
      old([{ exists: false }]),
      `.dynamodb.OldImage: {"exists":false} always matches ${noSingle} {"eventName":["INSERT"]}`,
    ],
    [
      "exists: false on who deleted it",
      { userIdentity: [{ exists: false }] },
      `.userIdentity: {"exists":false} always matches ${noSingle} {"userIdentity":{"type":[{"exists":false}]}}`,
    ],
    [
      "exists: false in an image that is spelled wrong",
      { dynamodb: { newImage: { a: { S: [{ exists: false }] } } } },
      ".dynamodb.newImage: is no part of a record; did you mean `NewImage`?",
    ],
    [
      "anything-but an event in another case",
      { eventName: [{ "anything-but": "remove" }] },
      `.eventName: "remove" in "anything-but" keeps nothing out, as it can never stand here; did you mean "REMOVE"? expected ${names}`,
    ],
    [
      "anything-but a number that is no text",
      n({ "anything-but": [5] }),
      `.dynamodb.NewImage.n.N: 5 in "anything-but" keeps nothing out, as it can never stand here; did you mean "5"? ${number}`,
    ],
  ];
  for (const [what, pattern, line] of table)
    it(`${what}: refused`, () => expect(told(pattern)).to.deep.equal({ problems: [line], warnings: [] }));

  const everything =
    "filters: every change matches, so that nothing is filtered; leave the filters out, or say what is to be left out";
  const all: [string, unknown][] = [
    ["every event's name", { eventName: ["INSERT", "MODIFY", "REMOVE"] }],
    [
      "every event's name, in two alternatives",
      { $or: [{ eventName: ["INSERT"] }, { eventName: ["MODIFY", "REMOVE"] }] },
    ],
    ["what every record has", { dynamodb: { Keys: { id: { S: [{ exists: true }] } }, SizeBytes: [{ exists: true }] } }],
    ["what every text begins with", keys({ id: { S: [{ prefix: "" }] } })],
    ["what every time is", { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">", 0] }] } }],
    ["there, or not", image({ a: { BOOL: [{ exists: false }, true, false] } })],
  ];
  for (const [what, pattern] of all)
    it(`${what}: a warning`, () => expect(told(pattern)).to.deep.equal({ problems: [], warnings: [everything] }));
});

describe("a filter that does what it says is accepted", () => {
  const table: [string, unknown][] = [
    ["names of events", { eventName: ["INSERT", "REMOVE"] }],
    ["a name of an event in any case", { eventName: [{ "equals-ignore-case": "remove" }] }],
    ["all but an event", { eventName: [{ "anything-but": "REMOVE" }] }],
    ["a beginning of an event's name", { eventName: [{ prefix: "IN" }] }],
    ["deletes by time to live", { userIdentity: { type: ["Service"], principalId: ["dynamodb.amazonaws.com"] } }],
    ["all but deletes by time to live", { userIdentity: { type: [{ exists: false }] } }],
    ["an attribute", image({ status: { S: ["OPEN", "NEW"] } })],
    ["an empty text", image({ status: { S: [""] } })],
    ["a number", n("-42.5")],
    ["a beginning of a negative number", n({ prefix: "-0." })],
    ["documented: an element of a list", image({ Organizations: { L: { S: [{ exists: true }] } } })],
    ["an attribute in a map in a list", image({ lines: { L: { M: { sku: { S: [{ suffix: "-1" }] } } } } })],
    ["an element of a set", image({ tags: { SS: ["red"] } })],
    ["both images at once", { dynamodb: { NewImage: { s: { S: ["B"] } }, OldImage: { s: { S: ["A"] } } } }],
    ["an attribute of another type", image({ a: { N: ["1"], S: [{ exists: false }] } })],
    ["an attribute that is not there", image({ a: { S: [{ exists: false }] } })],
    ["recent changes", { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">=", 1_800_000_000] }] } }],
    ["an attribute called __proto__", JSON.parse('{"dynamodb":{"NewImage":{"__proto__":{"S":["x"]}}}}')],
  ];
  for (const [what, pattern] of table)
    it(what, () => expect(told(pattern)).to.deep.equal({ problems: [], warnings: [] }));

  it("whatever the table's key, where it is not known", () => {
    expect(
      told({ dynamodb: { Keys: { any: { B: ["AAE="] } }, OldImage: { x: { S: ["a"] } } } }, {}).problems,
    ).to.deep.equal([]);
  });
});
