import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { up } from "../../../local/engine/engine.ts";
import { drain } from "../../../operate/compare/messages.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

describe("a stack that says that writes come from anywhere", function () {
  this.timeout(60_000);

  it("has functions that do not take for a writer's what may be time to live's", async () => {
    const { endpoint } = await sharedDynamoDb();
    const source = { hashKey: { name: "id", type: "S" }, ttlAttribute: "ends", writes: "anywhere" };
    const config = { "fanout:source": source, "fanout:destinations": { events: { kind: "sqs" } } };
    const engine = await up({ ...stacks, dynamoDbEndpoint: endpoint, config });
    try {
      const { table: TableName, destinations } = readOutputs(engine.outputs);
      const { dynamodb, sqs } = engine.clients;
      const now = Math.floor(Date.now() / 1000);
      const over = { ends: { N: String(now - 1000) } };
      for (const [id, more] of Object.entries({ none: {}, over, later: { ends: { N: String(now + 1000) } } })) {
        await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...more } }));
        await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
      }
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "expired" }, ...over } }));
      await engine.expire();
      await engine.idle();
      const messages = (await drain(sqs, destinations.events!.sink.queueUrl!)).map((one) => ({
        ...JSON.parse(one.Body!),
        attribute: one.MessageAttributes?.expired?.StringValue,
      }));
      const removed = messages.filter(({ operation }) => operation === "REMOVE");
      expect(
        Object.fromEntries(removed.map(({ keys, expired, attribute }) => [keys.id.S, [expired, attribute]])),
      ).to.deep.equal({
        none: [false, "false"],
        over: [null, undefined],
        later: [false, "false"],
        expired: [true, "true"],
      });
    } finally {
      await engine.down();
    }
  });
});
