import { expect } from "chai";
import fc from "fast-check";
import { matches } from "../../../../local/engine/iam/condition.ts";
import { evaluate } from "../../../../local/engine/iam/evaluate.ts";
import { type Policy, readPolicy } from "../../../../local/engine/iam/policy.ts";
import { callContext, identityPolicy } from "../../../../local/engine/iam/request-context.ts";
import { UserError } from "../../../../terminal/user-error.ts";

const queue = "arn:aws:sqs:eu-west-1:000000000000:films";
const asking = { roleArn: "arn:aws:iam::000000000000:role/r", region: "eu-west-1" };
const read = (statement: object | object[]) =>
  readPolicy({ Version: "2012-10-17", Statement: statement }, "policy p of role r", identityPolicy);
const ask = (policies: readonly Policy[], action = "sqs:SendMessage", resource = queue) =>
  evaluate(policies, { action, resource, context: callContext({ ...asking, resource }) });
const allow = (more: object) => read({ Effect: "Allow", Action: "sqs:SendMessage", Resource: queue, ...more });

describe("a policy's wildcards", () => {
  it("stand for any characters, or for one", () => {
    const yes = [
      ["*", ""],
      ["a*c", "abbc"],
      ["a*b*c", "aXbbYc"],
      ["a?c", "abc"],
      ["*ab", "aab"],
      ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y"],
      ["a*", "a:b"],
      ["a.c", "a.c"],
    ];
    const no = [
      ["", "a"],
      ["a?c", "ac"],
      ["a*c", "ab"],
      ["a.c", "abc"],
      ["b", "ab"],
    ];
    for (const [pattern, text] of yes) expect(matches(pattern!, text!), `${pattern} ${text}`).to.equal(true);
    for (const [pattern, text] of no) expect(matches(pattern!, text!), `${pattern} ${text}`).to.equal(false);
  });

  it("agree with the regular expression that they mean", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", ":") });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?") });
    fc.assert(
      fc.property(pattern, letters, (wanted, text) => {
        const meant = new RegExp(`^${wanted.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        expect(matches(wanted, text)).to.equal(meant.test(text));
      }),
    );
  });
});

describe("the policies of an identity", () => {
  it("allow what a statement allows, deny what one denies, and deny the rest", () => {
    expect(ask([])).to.equal("implicit");
    expect(ask([allow({})])).to.equal("allowed");
    expect(ask([allow({ Action: "SQS:send*" })])).to.equal("allowed");
    expect(ask([allow({ Action: ["sqs:ReceiveMessage", "*"] })])).to.equal("allowed");
    expect(ask([allow({ Resource: `${queue}2` })])).to.equal("implicit");
    expect(ask([allow({ Resource: queue.toUpperCase().replace("ARN:", "arn:") })])).to.equal("implicit");
    expect(ask([allow({ Action: "sqs:ReceiveMessage" })])).to.equal("implicit");
    expect(ask([allow({ Action: undefined, NotAction: "sqs:SendMessage" })])).to.equal("implicit");
    expect(ask([allow({ Action: undefined, NotAction: "sqs:Delete*" })])).to.equal("allowed");
    expect(ask([allow({ Resource: undefined, NotResource: queue })])).to.equal("implicit");
    expect(ask([allow({ Resource: undefined, NotResource: `${queue}2` })])).to.equal("allowed");
    expect(ask([allow({}), allow({ Effect: "Deny", Resource: "*" })])).to.equal("explicit");
  });

  const conditions: readonly (readonly [string, string, string | readonly string[], boolean])[] = [
    ["StringEquals", "aws:RequestedRegion", "eu-west-1", true],
    ["StringEquals", "AWS:requestedregion", ["us-east-1", "eu-west-1"], true],
    ["StringEquals", "aws:RequestedRegion", "EU-west-1", false],
    ["StringEqualsIgnoreCase", "aws:RequestedRegion", "EU-west-1", true],
    ["StringNotEquals", "aws:RequestedRegion", "eu-west-1", false],
    ["StringNotEquals", "aws:RequestedRegion", ["us-east-1", "eu-west-1"], false],
    ["StringLike", "aws:RequestedRegion", "eu-*", true],
    ["StringNotLike", "aws:RequestedRegion", "eu-*", false],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", true],
    ["ArnEquals", "aws:PrincipalArn", "arn:*:role/r", false],
    ["ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/s*", true],
    ["Bool", "aws:SecureTransport", "true", true],
    ["Bool", "aws:SecureTransport", "false", false],
    ["StringEquals", "s3:ResourceAccount", "000000000000", true],
    ["StringEquals", "aws:SourceAccount", "000000000000", false],
    ["StringEqualsIfExists", "aws:SourceAccount", "1", true],
    ["StringNotEquals", "aws:SourceAccount", "1", true],
    ["ForAnyValue:StringEquals", "aws:CalledVia", "logs.amazonaws.com", false],
    ["ForAllValues:StringEquals", "aws:CalledVia", "logs.amazonaws.com", true],
    ["ForAnyValue:StringLike", "aws:RequestedRegion", "eu-*", true],
    ["ForAllValues:StringNotLike", "aws:RequestedRegion", "eu-*", false],
    ["Null", "aws:SourceAccount", "true", true],
    ["Null", "aws:PrincipalArn", "true", false],
    ["Null", "aws:PrincipalArn", "false", true],
  ];
  for (const [test, key, value, holds] of conditions)
    it(`hold ${test} of ${key} ${value} to be ${holds}`, () => {
      expect(ask([allow({ Condition: { [test]: { [key]: value } } })])).to.equal(holds ? "allowed" : "implicit");
    });

  const part = fc.constantFrom("*", "sqs:*", "sqs:SendMessage", "sqs:Receive*", "s3:GetObject");
  const place = fc.constantFrom("*", queue, `${queue}2`, "arn:aws:sqs:*:*:films");
  const statement = fc.record({ Effect: fc.constantFrom("Allow", "Deny"), Action: part, Resource: place });
  const policy = fc.array(statement, { minLength: 1, maxLength: 4 }).map(read);
  const allowing = fc.record({ Effect: fc.constant("Allow"), Action: part, Resource: place }).map(read);

  it("never allow less for another allowance, and never allow what is denied", () => {
    fc.assert(
      fc.property(fc.array(policy), allowing, (policies, more) => {
        if (ask(policies) === "allowed") expect(ask([...policies, more])).to.equal("allowed");
        const denial = read({ Effect: "Deny", Action: "sqs:SendMessage", Resource: queue });
        expect(ask([more, denial, ...policies])).to.equal("explicit");
      }),
    );
  });
});

describe("a policy that is not understood", () => {
  const refused: readonly (readonly [string, object, string])[] = [
    ["an element", { Foo: 1 }, "the element Foo is not understood here"],
    ["a principal", { Principal: "*" }, "the element Principal is not understood here"],
    ["an effect", { Effect: "Maybe" }, 'Effect is "Maybe"; use "Allow" or "Deny"'],
    ["an action", { Action: "SendMessage" }, "SendMessage is no action"],
    ["no action", { Action: undefined }, "must have either Action or NotAction"],
    ["two lists of resources", { NotResource: "*" }, "must have either Resource or NotResource"],
    ["a resource", { Resource: "films" }, 'Resource films must be in ARN format or "*"'],
    ["a variable", { Resource: `arn:aws:s3:::b/\${aws:username}` }, "has a policy variable"],
    ["an operator", { Condition: { DateLessThan: { "aws:CurrentTime": "1" } } }, "the operator DateLessThan is not"],
    ["a set", { Condition: { "ForAnyValue:Null": { "aws:CalledVia": "a" } } }, "the operator ForAnyValue:Null is not"],
    [
      "a key",
      { Condition: { StringEquals: { "dynamodb:LeadingKeys": "a" } } },
      "the condition key dynamodb:LeadingKeys",
    ],
    ["a value", { Condition: { StringEquals: { "aws:PrincipalArn": {} } } }, "is neither a text nor a list of texts"],
  ];
  for (const [name, more, problem] of refused)
    it(`is refused: ${name}`, () => {
      expect(() => allow({ Sid: "S", ...more })).to.throw(UserError, `policy p of role r: statement 1 (S): `);
      expect(() => allow({ Sid: "S", ...more })).to.throw(problem);
    });

  it("is refused: what is no document", () => {
    const why = (document: unknown) => () => readPolicy(document, "policy p", identityPolicy);
    expect(why("{")).to.throw(UserError, "policy p: is no JSON: ");
    expect(why([])).to.throw(UserError, "policy p: is no JSON object");
    expect(why("{}")).to.throw(UserError, "policy p: has no Statement");
    expect(why({ Version: "1", Statement: [] })).to.throw(UserError, 'Version is "1"; use "2012-10-17"');
  });
});
