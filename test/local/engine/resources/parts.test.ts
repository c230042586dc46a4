import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type Engine, up } from "../../../../local/engine/engine.ts";
import { resources } from "../../../../local/engine/resources.ts";
import { startWorld } from "../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../local/engine/world/world.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";

describe("what other programs are made of", () => {
  let engine: Engine;
  let outputs: Record<string, string>;
  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    engine = await up({ root: "test/fixtures/programs", program: "parts.ts", dynamoDbEndpoint: endpoint });
    outputs = engine.outputs as Record<string, string>;
  });
  after(() => engine?.down());

  it("has outputs like AWS's", () => {
    const seven = "[0-9a-f]{7}";
    const id = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    const own = "eu-west-1:000000000000";
    const expected: Record<string, string> = {
      qualifiedArn: `arn:aws:lambda:${own}:function:stored-${seven}:1`,
      liveArn: `arn:aws:lambda:${own}:function:stored-${seven}:live-${seven}`,
      mappingFunctionArn: `arn:aws:lambda:${own}:function:stored-${seven}`,
      itemId: `films-${seven}\\|first`,
      keyArn: `arn:aws:kms:${own}:key/${id}`,
      keyAliasArn: `arn:aws:kms:${own}:alias/key-${seven}`,
      topicArn: `arn:aws:sns:${own}:news-${seven}`,
      fifoArn: `arn:aws:sns:${own}:orders-${seven}\\.fifo`,
      subscriptionArn: `arn:aws:sns:${own}:news-${seven}:${id}`,
    };
    for (const [name, pattern] of Object.entries(expected))
      expect(outputs[name], name).to.match(new RegExp(`^${pattern}$`));
    expect(outputs.keyAliasTarget).to.equal(outputs.keyArn);
    expect(outputs.objects).to.deep.equal(["text.txt", "a/b", `arn:aws:s3:::${outputs.bucketName}/code.zip`]);
  });

  it("has objects in its buckets", async () => {
    const { s3 } = engine.clients;
    const text = await s3.send(new GetObjectCommand({ Bucket: outputs.bucketName, Key: "text.txt" }));
    expect(await text.Body?.transformToString()).to.equal("text");
    expect([text.ContentType, text.Metadata]).to.deep.equal(["text/plain", { by: "hand" }]);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: outputs.legacyName, Key: "a/b" }));
    expect(await Body?.transformToString()).to.equal("bytes");
  });

  it("runs a function whose code lies in a bucket", async () => {
    const { payload } = (await engine.functions.get(outputs.storedName ?? "")?.invoke({})) ?? {};
    expect(payload).to.equal("from a bucket");
  });

  it("has items in its tables", async () => {
    const Key = { id: { S: "first" } };
    const { Item } = await engine.clients.dynamodb.send(new GetItemCommand({ TableName: outputs.tableName, Key }));
    expect(Item).to.deep.equal({
      ...Key,
      bytes: { B: new Uint8Array(Buffer.from("bytes")) },
      list: { L: [{ M: { set: { BS: [new Uint8Array(Buffer.from("a"))] } } }] },
    });
  });

  it("has topics that queues listen to, as they want it", async () => {
    const { sns, sqs } = engine.clients;
    for (const kind of ["song", "film"]) {
      const MessageAttributes = { kind: { DataType: "String", StringValue: kind } };
      await sns.send(new PublishCommand({ TopicArn: outputs.topicArn, Message: `a ${kind}`, MessageAttributes }));
    }
    const from = { QueueUrl: outputs.queueUrl, MaxNumberOfMessages: 10 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(from));
    expect(Messages.map(({ Body }) => Body)).to.deep.equal(["a film"]);
  });

  describe("and what it cannot be made of here", () => {
    let world: World;
    before(async () => {
      const { endpoint } = await sharedDynamoDb();
      const silent = () => {};
      const region = "eu-west-1";
      world = await startWorld({ root: ".", region, dynamoDbEndpoint: endpoint, onUp: silent, onProblem: silent });
      const Statement = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
      const inputs = { name: "r", assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement }) };
      await resources["aws:iam/role:Role"].create({ type: "aws:iam/role:Role", name: "r", region, inputs }, world);
    });
    after(() => world?.stop());

    const code = new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("") });
    const lambda = { runtime: "nodejs24.x", handler: "index.handler", role: "arn:aws:iam::000000000000:role/r", code };
    const [functions, topics] = [
      "aws:lambda/function:Function",
      "aws:sns/topicSubscription:TopicSubscription",
    ] as const;
    const refused: readonly (readonly [type: keyof typeof resources, inputs: Record<string, unknown>, RegExp])[] = [
      [
        functions,
        { ...lambda, runtime: "python3.13" },
        /^`runtime` is python3\.13: functions run on this machine's Node, so it must be one of nodejs18\.x, nodejs20\.x, nodejs22\.x, nodejs24\.x\.$/,
      ],
      [functions, { ...lambda, runtime: undefined }, /^`runtime` is missing: functions run on/],
      [functions, { ...lambda, layers: ["arn:aws:lambda:eu-west-1:1:layer:l:1"] }, /^`layers` do not exist here: put/],
      [
        functions,
        { ...lambda, imageUri: "1.dkr.ecr.eu-west-1.amazonaws.com/a" },
        /^`packageType` is Image: containers/,
      ],
      [functions, { ...lambda, s3Bucket: "b", s3Key: "k" }, /^`code` and `s3Bucket` exclude each other/],
      [functions, { ...lambda, code: undefined }, /^`code` is missing: give an archive, or `s3Bucket` and `s3Key`\.$/],
      [
        functions,
        { ...lambda, code: undefined, s3Bucket: "no-such-bucket", s3Key: "k" },
        /^InvalidParameterValueException: Error occurred while GetObject\. S3 Error Code: NoSuchBucket\. S3 Error Message: /,
      ],
      [functions, { ...lambda, s3ObjectVersion: "1" }, /^`s3ObjectVersion` has no equivalent on this machine yet\./],
      [
        functions,
        { ...lambda, snapStart: { applyOn: "None" } },
        /^`snapStart` has no equivalent on this machine yet\./,
      ],
      [
        "aws:lambda/alias:Alias",
        { functionName: "none", functionVersion: "1" },
        /^`functionName` is none, but this pro/,
      ],
      ["aws:lambda/permission:Permission", { function: "none" }, /^`function` is none, but this program made no such/],
      [
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        { functionName: "none" },
        /^this is about asynchronous invocations, which do not exist on this machine/,
      ],
      [
        topics,
        { protocol: "lambda", endpoint: "arn", topic: "arn" },
        /^`protocol` is lambda: on this machine, topics del/,
      ],
      [
        topics,
        { protocol: "https", endpoint: "url", topic: "arn" },
        /^`protocol` is https: on this machine, topics del/,
      ],
      [topics, { protocol: "sqs", redrivePolicy: "{}" }, /^`redrivePolicy` is for messages that cannot be delivered/],
      [topics, { protocol: "sqs", endpoint: "arn" }, /^`topic` is missing\.$/],
      ["aws:dynamodb/tableItem:TableItem", { tableName: "t", hashKey: "id", item: "{" }, /^`item` is not JSON: /],
      [
        "aws:dynamodb/tableItem:TableItem",
        { tableName: "t", hashKey: "id", item: "[]" },
        /^`item` must be an object of/,
      ],
      [
        "aws:s3/bucketObjectv2:BucketObjectv2",
        { bucket: "b", content: "a", contentBase64: "YQ==" },
        /^`source`, `content` and `contentBase64` exclude each other/,
      ],
    ];
    for (const [type, inputs, message] of refused) {
      it(`is refused: ${type} ${Object.keys(inputs).join(", ")}: ${message.source.slice(1, 40)}`, async () => {
        const registration = { type, name: "odd", region: "eu-west-1", inputs };
        const error = await Promise.resolve()
          .then(() => resources[type].create(registration, world))
          .catch((reason) => reason);
        expect(error).to.be.instanceOf(UserError);
        expect(error.message).to.match(message);
      });
    }

    it("is refused: an alias of a version that there is not, or of two", async () => {
      const create = (type: keyof typeof resources, inputs: Record<string, unknown>) =>
        resources[type].create({ type, name: "odd", region: "eu-west-1", inputs }, world);
      const { id } = await create(functions, lambda);
      const problem = (inputs: object) =>
        Promise.resolve(
          create("aws:lambda/alias:Alias", { functionName: id, functionVersion: "$LATEST", ...inputs }),
        ).then(
          () => "made",
          ({ message }) => message,
        );
      expect(await problem({ functionVersion: "1" })).to.match(
        /^`functionVersion` is 1, but .* has no such version\. Set/,
      );
      const routingConfig = { additionalVersionWeights: { 2: 0.5 } };
      expect(await problem({ routingConfig })).to.match(/^`routingConfig` would share the invocations/);
      expect(await problem({})).to.equal("made");
    });
  });
});
