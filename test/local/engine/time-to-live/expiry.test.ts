import { DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Engine } from "../../../../local/engine/engine.ts";
import { streamChanges } from "../../../../operate/compare/stream.ts";
import { Relay, type RelayOutputs } from "../support/relay.ts";

describe("the time to live of items", () => {
  let relay: Relay;
  let engine: Engine;
  let outputs: RelayOutputs;

  before(async () => {
    relay = await Relay.up();
    ({ engine, outputs } = relay);
  });
  after(() => engine?.down());

  it("deletes what is over, and marks just that deletion", async () => {
    const now = Date.now();
    const seconds = (offset: number) => ({ ends: { N: String(Math.floor(now / 1000) + offset) } });
    await relay.put("over", seconds(-10));
    await relay.remove("over");
    await relay.put("over", seconds(-10));
    await relay.put("later", seconds(1000));
    await relay.put("long ago", seconds(-6 * 365 * 24 * 60 * 60));
    await relay.put("text", { ends: { S: "yesterday" } });
    expect(await engine.expire(now)).to.deep.equal({ [outputs.tableName]: 1 });
    await relay.put("over", seconds(-10));
    await relay.remove("over");
    const over = (await relay.changes()).filter(({ dynamodb }) => dynamodb?.Keys?.id?.S === "over");
    expect(over.map(({ eventName, userIdentity }) => [eventName, userIdentity])).to.deep.equal([
      ["INSERT", undefined],
      ["REMOVE", undefined],
      ["INSERT", undefined],
      ["REMOVE", { type: "Service", principalId: "dynamodb.amazonaws.com" }],
      ["INSERT", undefined],
      ["REMOVE", undefined],
    ]);
    const marked = (await streamChanges(engine.clients.streams, outputs.streamArn)).filter(
      ({ record }) => record.userIdentity !== undefined,
    );
    expect(marked.map(({ operation, record }) => [operation, record.userIdentity])).to.deep.equal([
      ["REMOVE", { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" }],
    ]);
    expect(await engine.expire(now)).to.deep.equal({ [outputs.tableName]: 0 });
    expect(await engine.expire(now + 2_000_000)).to.deep.equal({ [outputs.tableName]: 1 });
    await engine.idle();
  });

  it("is described as DynamoDB describes it, by the table's name and its ARN", async () => {
    const { dynamodb } = engine.clients;
    const arn = outputs.streamArn.replace(/\/stream\/.*/, "");
    for (const TableName of [outputs.tableName, arn]) {
      const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription).to.deep.equal({ AttributeName: "ends", TimeToLiveStatus: "ENABLED" });
    }
  });
});
