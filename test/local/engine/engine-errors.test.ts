import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { type Progress, type UpOptions, up } from "../../../local/engine/engine.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { FakeDocker } from "../../support/fake-docker.ts";

const root = "test/fixtures/programs";

describe("the engine, when it cannot bring a program up", () => {
  const failure = async (program: string, options: UpOptions = {}): Promise<Error> => {
    const { endpoint } = await sharedDynamoDb();
    const engine = await up({ root, program, dynamoDbEndpoint: endpoint, ...options }).catch((error: Error) => error);
    if (engine instanceof Error) return engine;
    await engine.down();
    throw new Error(`${program} came up`);
  };

  it("names all types of resources and all functions that it does not know, and the files to write", async () => {
    const error = await failure("unknown-type.ts");
    expect(error).to.be.instanceOf(UserError);
    const unknown = (name: string) =>
      `aws:route53/zone:Zone "${name}": this type of resource has no equivalent on this machine yet. Write it in local/engine/resources/route53.ts and add a line for \`aws:route53/zone:Zone\` to the table in local/engine/resources.ts.`;
    expect(error.message.split("\n").toSorted()).to.deep.equal([
      "aws:ec2/getElasticIp:getElasticIp: this function has no equivalent on this machine yet. Write it under local/engine/resources/ and add a line for `aws:ec2/getElasticIp:getElasticIp` to the calls in local/engine/resources.ts.",
      unknown("films"),
      unknown("more"),
    ]);
  });

  it("names an unknown type beside another error, and not the errors that follow from the first", async () => {
    const error = await failure("unsupported-and-unknown.ts");
    expect(error).to.be.instanceOf(UserError);
    expect(error.message.split("\n")).to.have.length(2);
    expect(error.message).to.match(
      /^aws:dynamodb\/table:Table "films": `replicas` has no equivalent .*\naws:route53\/zone:Zone "films": /,
    );
  });

  it("names an argument that it cannot honour", async () => {
    const error = await failure("unsupported-argument.ts");
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.match(
      /^aws:dynamodb\/table:Table "films": `replicas` has no equivalent on this machine yet\. Leave it out of this stack, or /,
    );
  });

  it("shows the message alone of an error that Pulumi shows so", async () => {
    const error = await failure("run-error.ts");
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.equal("destinations.events.kind: missing\nsource.hashKey: missing");
  });

  it("passes on any other error of the program, with its file and line", async () => {
    const error = await failure("bug.ts");
    expect(error).not.to.be.instanceOf(UserError);
    expect(error.message).to.match(/^bug\.ts:5:\d+: Cannot read properties of undefined \(reading 'call'\)$/);
    expect((await failure("bug-in-apply.ts")).message).to.match(/^bug-in-apply\.ts:4:\d+: error serializing/);
  });

  it("asks for Java before it makes anything", async () => {
    const { PATH } = process.env;
    const progress: Progress[] = [];
    try {
      process.env.PATH = "/nonexistent";
      const error = await up({ root, program: "relay.ts", onProgress: (event) => progress.push(event) }).catch(
        (reason) => reason,
      );
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/^The stand-in for DynamoDB needs Java 17 or newer, or a running Docker: /);
    } finally {
      process.env.PATH = PATH;
    }
    expect(progress).to.deep.equal([]);
  });

  it("says that there is no such stack", async () => {
    expect((await failure("relay.ts", { stack: "none" })).message).to.match(/Pulumi\.none\.yaml does not exist/);
  });

  it("lets the program deal with what AWS would answer", async () => {
    const error = await failure("adopt.ts", { config: { table: "x" } });
    expect(error.message).to.match(/Table\/index names must be between 3 and 255 characters long/);
  });

  it("gives up when it is told to", async () => {
    const wish = new AbortController();
    const onProgress = () => wish.abort(new Error("enough"));
    expect((await failure("relay.ts", { signal: wish.signal, onProgress })).message).to.equal("enough");
    expect((await failure("relay.ts", { signal: AbortSignal.abort(new Error("never")) })).message).to.equal("never");
  });

  it("creates nothing more once it has given up", async () => {
    const wish = new AbortController();
    const created: string[] = [];
    const onProgress = (progress: Progress) => {
      created.push(progress.kind);
      wish.abort(new Error("enough"));
    };
    await failure("relay.ts", { signal: wish.signal, onProgress });
    const before = created.length;
    await failure("run-error.ts"); // it begins when the program before has ended
    expect(created).to.have.length(before);
  });

  it("gives up while DynamoDB Local does not answer", async () => {
    using docker = new FakeDocker();
    docker.install();
    const signal = AbortSignal.timeout(2000);
    const error = await up({ root, program: "relay.ts", signal }).catch((reason) => reason);
    expect(error).to.equal(signal.reason);
    expect(docker.calls.at(-1)?.[0]).to.equal("rm");
  });

  it("comes up again after each of these", async () => {
    const { endpoint } = await sharedDynamoDb();
    const name = `adopted-${Date.now()}`;
    const engine = await up({
      root,
      program: "adopt.ts",
      dynamoDbEndpoint: endpoint,
      config: { table: name },
      async prepare({ dynamodb }) {
        await dynamodb.send(
          new CreateTableCommand({
            TableName: name,
            AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
            KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
            BillingMode: "PAY_PER_REQUEST",
            StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
          }),
        );
      },
    });
    await engine.down();
    const { streamArn, ...rest } = engine.outputs;
    const arn = `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`;
    expect(streamArn).to.match(new RegExp(`^${arn}/stream/`));
    expect(rest).to.deep.equal({
      arn,
      streamViewType: "NEW_IMAGE",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
    });
  });
});
