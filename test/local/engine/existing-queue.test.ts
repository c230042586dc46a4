import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";

describe("a queue that exists elsewhere", () => {
  let engine: Engine | undefined;
  after(() => engine?.down());

  it("is made on this machine, with a word about it, and takes what is sent to its own URL", async () => {
    const { endpoint } = await sharedDynamoDb();
    const problems: string[] = [];
    const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders.fifo";
    engine = await up({
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      onProblem: (text) => problems.push(text),
      config: { destinations: { events: { kind: "sqs", queueArn } } },
    });
    expect(problems).to.deep.equal(["There is no queue orders.fifo on this machine: it was made, and is empty."]);
    const { clients, outputs } = engine;
    await clients.dynamodb.send(new PutItemCommand({ TableName: String(outputs.table), Item: { id: { S: "a" } } }));
    await engine.idle();
    const QueueUrl = "https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo";
    const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body }) => JSON.parse(Body!).keys)).to.deep.equal([{ id: { S: "a" } }]);
  });
});
