import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { up } from "../../../local/engine/engine.ts";
import type { EngineEvent } from "../../../local/engine/events.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

describe("a COPY that fails", () => {
  it("is told once, with its reason", async () => {
    const { endpoint } = await sharedDynamoDb();
    const events: EngineEvent[] = [];
    const engine = await up({
      ...stacks,
      config: { "fanout:destinations": { films: { kind: "redshift" } } },
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      onEvent: (event) => events.push(event),
    });
    try {
      const { table, destinations } = readOutputs(engine.outputs);
      const { changeLog, deliveryStream } = destinations.films!.sink;
      await engine.redshift!.execute(`DROP TABLE ${changeLog} CASCADE`);
      await engine.clients.dynamodb.send(new PutItemCommand({ TableName: table, Item: { id: { S: "a" } } }));
      await engine.idle();
      const failed = events.filter((event) => event.kind === "failed delivery");
      expect(failed.map((event) => [event.deliveryStream, event.error.errorCode])).to.deep.equal([
        [deliveryStream, "Redshift.TableNotFound"],
      ]);
      expect(failed[0]?.error.message).to.contain(`${changeLog}`);
      expect(engine.firehose!.errors.length).to.be.greaterThan(1);
    } finally {
      await engine.down();
    }
  });
});
