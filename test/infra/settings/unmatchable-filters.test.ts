import { expect } from "chai";
import { facts, image, keys, n, names, noSingle, number, ofAnyType, old, told } from "./filter-lines.ts";

const asText =
  'can never match: a record has its numbers as text, which cannot be compared; expected them one by one, such as ["42","43"], or what text allows, such as {"prefix":"4"}';

describe("a filter that can never match is refused, with the way to say it", () => {
  const table: [string, unknown, string][] = [
    [
      "an event's name in another case",
      { eventName: ["insert"] },
      `.eventName: "insert" can never match; did you mean "INSERT"? expected ${names}`,
    ],
    [
      "one of two event names",
      { eventName: ["INSERT", "Modify"] },
      `.eventName: "Modify" can never match; did you mean "MODIFY"? expected ${names}`,
    ],
    [
      "an event that does not exist",
      { eventName: ["DELETE"] },
      `.eventName: "DELETE" can never match; expected ${names}`,
    ],
    [
      "a prefix of no event's name",
      { eventName: [{ prefix: "in" }] },
      `.eventName: {"prefix":"in"} can never match; expected ${names}`,
    ],
    [
      "every event but all",
      { eventName: [{ "anything-but": ["INSERT", "MODIFY", "REMOVE"] }] },
      `.eventName: {"anything-but":["INSERT","MODIFY","REMOVE"]} can never match; expected ${names}`,
    ],
    ["null for an event's name", { eventName: [null] }, `.eventName: null can never match; expected ${names}`],
    [
      "the absence of what is always there",
      { eventName: [{ exists: false }] },
      ": can never match: `eventName` is there",
    ],
    [
      "a field below a value",
      { eventName: { S: ["INSERT"] } },
      `.eventName: is a single value, with nothing below it; expected a list: ${names}`,
    ],
    [
      "a key of the record in another case",
      { dynamodb: { newImage: { a: { S: ["x"] } } } },
      ".dynamodb.newImage: is no part of a record; did you mean `NewImage`?",
    ],
    [
      "a key of the record at another place",
      { dynamodb: { eventName: ["INSERT"] } },
      ".dynamodb.eventName: is no part of a record; expected one of Keys, NewImage, OldImage, ApproximateCreationDateTime, SequenceNumber, SizeBytes, StreamViewType",
    ],
    [
      "who deleted it, in the API's spelling",
      { userIdentity: { Type: ["Service"] } },
      ".userIdentity.Type: is no part of a record; did you mean `type`?",
    ],
    [
      "who deleted it, in another case",
      { userIdentity: { type: ["service"] } },
      '.userIdentity.type: "service" can never match; did you mean "Service"? expected "Service"',
    ],
    [
      "null for who deleted it",
      { userIdentity: [null] },
      `.userIdentity: null never matches ${noSingle} {"userIdentity":{"type":["Service"]}}`,
    ],
    [
      "an attribute that is not of the key",
      keys({ pk: { S: ["x"] } }),
      ".dynamodb.Keys.pk: is no attribute of the key; expected one of id, at",
    ],
    [
      "a key of another type",
      keys({ id: { N: ["1"] } }),
      '.dynamodb.Keys.id.N: can never match: the key attribute "id" is of type S',
    ],
    [
      "a key without its type",
      keys({ at: [1] }),
      `.dynamodb.Keys.at: 1 never matches ${noSingle} the attribute's type first: {"N":["1"]}`,
    ],
    [
      "an empty key",
      keys({ id: { S: [""] } }),
      '.dynamodb.Keys.id.S: "" can never match; expected text, such as ["OPEN"]; a key is never empty',
    ],
    [
      "text without its type",
      image({ status: ["OPEN"] }),
      `.dynamodb.NewImage.status: "OPEN" never matches ${noSingle} the attribute's type first: {"S":["OPEN"]}, ${ofAnyType}`,
    ],
    [
      "a number without its type",
      image({ n: [5] }),
      `.dynamodb.NewImage.n: 5 never matches ${noSingle} the attribute's type first: {"N":["5"]}, ${ofAnyType}`,
    ],
    [
      "a type in another case",
      image({ status: { s: ["OPEN"] } }),
      ".dynamodb.NewImage.status.s: is no type of an attribute; did you mean `S`?",
    ],
    [
      "a nested map without M",
      image({ to: { city: { S: ["Bern"] } } }),
      '.dynamodb.NewImage.to.city: is no type of an attribute, which "to" needs before anything else; attributes in a map are below its type M: {"M":{"city":{"S":["Bern"]}}}',
    ],
    [
      "an attribute in a map without its type",
      image({ to: { M: { city: ["Bern"] } } }),
      `.dynamodb.NewImage.to.M.city: "Bern" never matches ${noSingle} the attribute's type first: {"S":["Bern"]}, ${ofAnyType}`,
    ],
    [
      "documented: exists on an attribute",
      image({ status: [{ exists: true }] }),
      `.dynamodb.NewImage.status: {"exists":true} never matches ${noSingle} the attribute's type first: {"S":[{"exists":true}]}, ${ofAnyType}`,
    ],
    [
      "exists on an image",
      image([{ exists: true }]),
      `.dynamodb.NewImage: {"exists":true} never matches ${noSingle} {"eventName":["INSERT","MODIFY"]}`,
    ],
    [
      "exists on a list",
      image({ all: { L: [{ exists: true }] } }),
      `.dynamodb.NewImage.all.L: {"exists":true} never matches ${noSingle} a rule below, for an element of a type: {"L":{"S":[{"exists":true}]}}`,
    ],
    [
      "exists on a map",
      image({ all: { M: [{ exists: true }] } }),
      `.dynamodb.NewImage.all.M: {"exists":true} never matches ${noSingle} a rule below, for an attribute in it: {"M":{"name":{"S":[{"exists":true}]}}}`,
    ],
    [
      "recorded: a numeric comparison on an N",
      n({ numeric: [">", 100] }),
      `.dynamodb.NewImage.n.N: {"numeric":[">",100]} ${asText}`,
    ],
    [
      "recorded: the same beside a rule that can match",
      image({ n: { N: [{ numeric: [">", 100] }, { "anything-but": "101" }] } }),
      `.dynamodb.NewImage.n.N: {"numeric":[">",100]} ${asText}`,
    ],
    ["a number that is no text", n(5), `.dynamodb.NewImage.n.N: 5 can never match; did you mean "5"? ${number}`],
    [
      "a number with needless zeros",
      n("05.0"),
      `.dynamodb.NewImage.n.N: "05.0" can never match; did you mean "5"? ${number}`,
    ],
    ["a number with an exponent", n("1e3"), `.dynamodb.NewImage.n.N: "1e3" can never match; ${number}`],
    [
      "a beginning of no number",
      n({ prefix: "00" }),
      `.dynamodb.NewImage.n.N: {"prefix":"00"} can never match; did you mean "0"? ${number}`,
    ],
    [
      "a boolean as text",
      image({ b: { BOOL: ["true"] } }),
      '.dynamodb.NewImage.b.BOOL: "true" can never match; did you mean true? expected true or false',
    ],
    ["null for NULL", image({ b: { NULL: [null] } }), ".dynamodb.NewImage.b.NULL: null can never match; expected true"],
    [
      "a binary as text",
      image({ b: { B: ["hello"] } }),
      '.dynamodb.NewImage.b.B: "hello" can never match; expected bytes in base64, such as ["AAE="]',
    ],
    [
      "a range with no whole number in it",
      { dynamodb: { SizeBytes: [{ numeric: [">", 1, "<", 2] }] } },
      '.dynamodb.SizeBytes: {"numeric":[">",1,"<",2]} can never match; expected a number of bytes',
    ],
    [
      "a time as text",
      { dynamodb: { ApproximateCreationDateTime: ["1678831218.0"] } },
      '.dynamodb.ApproximateCreationDateTime: "1678831218.0" can never match; expected seconds since 1970, a number such as 1700000000',
    ],
    [
      "another view",
      { dynamodb: { StreamViewType: ["KEYS_ONLY"] } },
      '.dynamodb.StreamViewType: "KEYS_ONLY" can never match; expected "NEW_AND_OLD_IMAGES"',
    ],
    [
      "the new image of a delete",
      { eventName: ["REMOVE"], ...image({ s: { S: ["a"] } }) },
      ": can never match: a REMOVE has no `NewImage`",
    ],
    [
      "the old image of an insert",
      { eventName: ["INSERT"], ...old({ s: { S: ["a"] } }) },
      ": can never match: an INSERT has no `OldImage`",
    ],
    [
      "a delete beside what no delete has",
      { eventName: ["INSERT", "REMOVE"], ...image({ s: { S: ["a"] } }) },
      '.eventName: "REMOVE" can never match here: a REMOVE has no `NewImage`',
    ],
    [
      "an insert by time to live",
      { eventName: ["INSERT"], userIdentity: { type: ["Service"] } },
      ": can never match: only a REMOVE by time to live has `userIdentity`",
    ],
    [
      "an alternative that contradicts the rest",
      { eventName: ["INSERT"], $or: [image({ a: { S: ["x"] } }), old({ a: { S: ["x"] } })] },
      '.$or[1]: {"dynamodb":{"OldImage":{"a":{"S":["x"]}}}} can never match here: an INSERT has no `OldImage`',
    ],
    [
      "an alternative that is spelled wrong",
      { $or: [{ eventName: ["INSERT"] }, { eventName: ["Remove"] }] },
      `.$or[1].eventName: "Remove" can never match; did you mean "REMOVE"? expected ${names}`,
    ],
    [
      "two types at once",
      { eventName: ["INSERT"], ...image({ s: { S: ["a"], N: ["1"] } }) },
      ": can never match: `dynamodb.NewImage.s` has one type, not both S and N",
    ],
    [
      "two values at once",
      { eventName: ["INSERT"], dynamodb: { Keys: { id: { S: ["a"] } }, NewImage: { id: { S: ["b"] } } } },
      ": can never match: `dynamodb.Keys.id.S` cannot be all that is asked of it",
    ],
  ];
  for (const [what, pattern, line] of table)
    it(what, () => expect(told(pattern)).to.deep.equal({ problems: [line], warnings: [] }));

  it("an image that the stream's view does not carry", () => {
    const keysOnly = { ...facts, view: "KEYS_ONLY" } as const;
    const line = ".dynamodb.OldImage: is never there: the stream view type KEYS_ONLY has no `OldImage`";
    for (const rule of ["x", { exists: false }])
      expect(told(old({ a: { S: [rule] } }), keysOnly).problems).to.deep.equal([line]);
  });

  it("a delete by time to live where nothing expires", () => {
    const reason = "only a REMOVE by time to live has `userIdentity`, and without `source.ttlAttribute` there is none";
    expect(told({ userIdentity: { type: ["Service"] } }, { ...facts, expires: false }).problems).to.deep.equal([
      `: can never match: ${reason}`,
    ]);
  });

  it("more alternatives of alternatives than can be looked at", () => {
    const either = { $or: [{ S: ["a"] }, { N: ["1"] }] };
    const many = image(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`a${index}`, either])));
    expect(told(many).problems).to.deep.equal([
      ": the alternatives of its `$or`s have more than 1000 combinations; expected fewer",
    ]);
  });
});
