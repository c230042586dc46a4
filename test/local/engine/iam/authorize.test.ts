import { expect } from "chai";
import type { ServiceCall } from "../../../../local/engine/gateway/service-call.ts";
import { authorize, requirementsOf } from "../../../../local/engine/iam/authorize.ts";
import documents from "../../../../local/engine/iam/managed-policies.json" with { type: "json" };
import { managedPolicy } from "../../../../local/engine/iam/managed-policies.ts";
import { readPolicy } from "../../../../local/engine/iam/policy.ts";
import { identityPolicy, trustPolicy } from "../../../../local/engine/iam/request-context.ts";
import { type Role, trusts } from "../../../../local/engine/iam/role.ts";

const roleArn = "arn:aws:iam::000000000000:role/r";
const call = (service: string, operation: string, body: unknown, path = "/", headers = {}): ServiceCall => ({
  ...{ service, operation, path, headers, region: "eu-west-1" },
  principal: { kind: "function", name: "relay", roleArn },
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});
const table = (name: string) => `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`;
const stream = `${table("t")}/stream/2026-01-01T00:00:00.000`;
const queue = "arn:aws:sqs:eu-west-1:000000000000:q";

describe("what a call needs", () => {
  const rows: readonly (readonly [ServiceCall, readonly string[]])[] = [
    [call("dynamodb", "PutItem", { TableName: "t" }), [`dynamodb:PutItem ${table("t")}`]],
    [call("dynamodb", "PutItem", { TableName: table("t") }), [`dynamodb:PutItem ${table("t")}`]],
    [call("dynamodb", "Query", { TableName: "t", IndexName: "i" }), [`dynamodb:Query ${table("t")}/index/i`]],
    [
      call("dynamodb", "BatchWriteItem", { RequestItems: { t: [], u: [] } }),
      [`dynamodb:BatchWriteItem ${table("t")}`, `dynamodb:BatchWriteItem ${table("u")}`],
    ],
    [
      call("dynamodb", "TransactWriteItems", {
        TransactItems: [{ Put: { TableName: "t" } }, { ConditionCheck: { TableName: "u" } }],
      }),
      [`dynamodb:PutItem ${table("t")}`, `dynamodb:ConditionCheckItem ${table("u")}`],
    ],
    [
      call("dynamodb", "GetRecords", { ShardIterator: `${stream.replace("eu-west-1", "ddblocal")}|001|abc` }),
      [`dynamodb:GetRecords ${stream}`],
    ],
    [call("dynamodb", "DescribeStream", { StreamArn: stream }), [`dynamodb:DescribeStream ${stream}`]],
    [call("dynamodb", "ListStreams", {}), [`dynamodb:ListStreams ${table("*")}/stream/*`]],
    [call("sqs", "SendMessageBatch", { QueueUrl: "http://h/000000000000/q" }), [`sqs:SendMessage ${queue}`]],
    [call("sqs", "GetQueueUrl", { QueueName: "q" }), [`sqs:GetQueueUrl ${queue}`]],
    [call("sns", "PublishBatch", "Action=PublishBatch&TopicArn=arn%3At"), ["sns:Publish arn:t"]],
    [
      call("firehose", "PutRecordBatch", { DeliveryStreamName: "s" }),
      ["firehose:PutRecordBatch arn:aws:firehose:eu-west-1:000000000000:deliverystream/s"],
    ],
    [
      call("lambda", "Invoke", "", "/2015-03-31/functions/f/invocations?Qualifier=live"),
      ["lambda:InvokeFunction arn:aws:lambda:eu-west-1:000000000000:function:f:live"],
    ],
    ...["GetEventSourceMapping", "UpdateEventSourceMapping"].map(
      (operation) =>
        [
          call("lambda", operation, "", "/2015-03-31/event-source-mappings/1-2"),
          [`lambda:${operation} arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:1-2`],
        ] as const,
    ),
    [call("s3", "PutObject", "", "/b/a%20b/c?x-id=PutObject"), ["s3:PutObject arn:aws:s3:::b/a b/c"]],
    [
      call("s3", "CopyObject", "", "/b/k", { "x-amz-copy-source": "from/key" }),
      ["s3:PutObject arn:aws:s3:::b/k", "s3:GetObject arn:aws:s3:::from/key"],
    ],
    [call("s3", "HeadObject", "", "/b/k?versionId=1"), ["s3:GetObjectVersion arn:aws:s3:::b/k"]],
    [
      call("s3", "DeleteObjects", "<Delete><Object><Key>a&amp;b</Key></Object></Delete>", "/b?delete"),
      ["s3:DeleteObject arn:aws:s3:::b/a&b"],
    ],
    [call("s3", "ListObjects", "", "/b?list-type=2"), ["s3:ListBucket arn:aws:s3:::b"]],
    [call("sts", "GetCallerIdentity", ""), []],
    [
      call("redshift-data", "ExecuteStatement", { WorkgroupName: "w", SecretArn: "arn:s" }),
      [
        "redshift-data:ExecuteStatement arn:aws:redshift-serverless:eu-west-1:000000000000:workgroup/50e721e4-9c01-3f00-c62c-f59f2163542a",
        "secretsmanager:GetSecretValue arn:s",
      ],
    ],
    [
      call("redshift-data", "ExecuteStatement", { ClusterIdentifier: "c", SecretArn: "arn:s" }),
      [
        "redshift-data:ExecuteStatement arn:aws:redshift:eu-west-1:000000000000:cluster:c",
        "secretsmanager:GetSecretValue arn:s",
      ],
    ],
    [call("redshift-data", "DescribeStatement", { Id: "i" }), ["redshift-data:DescribeStatement *"]],
  ];
  for (const [one, expected] of rows)
    it(`${one.service}:${one.operation} ${expected.join(", ")}`, () => {
      expect(requirementsOf(one)?.map(({ action, resource }) => `${action} ${resource}`)).to.deep.equal(expected);
    });
});

describe("a call of somebody who is a role", () => {
  const roles = (statement: object): Map<string, Role> => {
    const trust = readPolicy(
      { Statement: { Effect: "Allow", Principal: { Service: "x" }, Action: "*" } },
      "",
      trustPolicy,
    );
    const policy = readPolicy({ Statement: statement }, "", identityPolicy);
    return new Map([["r", { arn: roleArn, trust, inline: new Map([["p", policy]]), attached: new Map() }]]);
  };
  const nothing = roles({ Effect: "Allow", Action: "logs:*", Resource: "*" });
  const who = "User: arn:aws:sts::000000000000:assumed-role/r/relay is not authorized to perform:";
  const refusals: readonly (readonly [ServiceCall, string, string])[] = [
    [
      call("dynamodb", "PutItem", { TableName: "t" }),
      "AccessDeniedException",
      `${who} dynamodb:PutItem on resource: ${table("t")} because no identity-based policy allows the dynamodb:PutItem action`,
    ],
    [
      call("sqs", "SendMessage", { QueueUrl: "http://h/000000000000/q" }),
      "AccessDenied",
      `${who} sqs:sendmessage on resource: ${queue} because no identity-based policy allows the sqs:sendmessage action`,
    ],
    [
      call("sns", "Publish", "TopicArn=arn:t"),
      "AuthorizationError",
      `${who} SNS:Publish on resource: arn:t because no identity-based policy allows the SNS:Publish action`,
    ],
    [
      call("s3", "GetObject", "", "/b/k"),
      "AccessDenied",
      `${who} s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`,
    ],
  ];
  for (const [one, code, message] of refusals)
    it(`is refused in ${one.service}'s words`, () => {
      expect(authorize(one, nothing)).to.include({ code, message });
    });

  it("is refused where it is denied, unknown, or the role does not exist, and nobody else is", () => {
    const put = call("dynamodb", "PutItem", { TableName: "t" });
    expect(authorize(put, roles({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: table("t") }))).to.equal(
      undefined,
    );
    expect(authorize(put, roles({ Effect: "Deny", Action: "*", Resource: "*" }))?.message).to.match(
      /with an explicit deny in an identity-based policy$/,
    );
    const all = roles({ Effect: "Allow", Action: "*", Resource: "*" });
    expect(authorize(call("dynamodb", "ExecuteStatement", {}), all)?.message).to.match(
      /local\/engine\/iam\/requirements\/dynamodb\.ts/,
    );
    expect(authorize(put, new Map())?.code).to.equal("InvalidClientTokenId");
    expect(authorize({ ...put, principal: { kind: "user", name: "user" } }, new Map())).to.equal(undefined);
  });
});

describe("roles", () => {
  const role = (statement: object): Role => ({
    arn: roleArn,
    trust: readPolicy({ Statement: { Effect: "Allow", Action: "sts:AssumeRole", ...statement } }, "", trustPolicy),
    inline: new Map(),
    attached: new Map(),
  });

  it("are trusted to a service, and under its external id", () => {
    const Principal = { Service: "firehose.amazonaws.com" };
    const firehose = { name: "firehose.amazonaws.com" };
    expect(trusts(role({ Principal }), firehose)).to.equal(true);
    expect(trusts(role({ Principal }), { name: "lambda.amazonaws.com" })).to.equal(false);
    const strict = role({ Principal, Condition: { StringEquals: { "sts:ExternalId": "1" } } });
    expect(trusts(strict, { ...firehose, externalId: "1" })).to.equal(true);
    expect(trusts(strict, { ...firehose, externalId: "2" })).to.equal(false);
    expect(trusts(strict, firehose)).to.equal(false);
    expect(trusts(strict, { ...firehose, sourceAccount: "1" })).to.equal(false);
  });

  it("are trusted to a service that works for an account", () => {
    const lambda = { name: "lambda.amazonaws.com" };
    const Principal = { Service: lambda.name };
    const strict = role({ Principal, Condition: { StringEquals: { "aws:SourceAccount": "1" } } });
    expect(trusts(strict, { ...lambda, sourceAccount: "1" })).to.equal(true);
    expect(trusts(strict, { ...lambda, sourceAccount: "2" })).to.equal(false);
    expect(trusts(strict, lambda)).to.equal(false);
  });

  it("may have the policies of AWS's that are known, all of which are understood", () => {
    for (const arn of Object.keys(documents)) expect(managedPolicy(arn).statements).not.to.deep.equal([]);
    expect(() => managedPolicy("arn:aws:iam::aws:policy/Other")).to.throw(/Known are arn:aws:iam::aws:policy/);
  });
});
