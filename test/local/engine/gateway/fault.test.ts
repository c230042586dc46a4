import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { seededFaults } from "../../../../local/engine/gateway/faults.ts";
import type { Principal } from "../../../../local/engine/gateway/service-call.ts";
import { GatewayFixture } from "./fixture.ts";

const one: Principal = { kind: "function", name: "one-1a2b3c4", logicalName: "one" };

describe("faults on the wire", () => {
  const fake = new GatewayFixture();
  const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
  const putItem = (attempts = 1) =>
    new DynamoDBClient(fake.config(one, attempts)).send(put).then(
      () => "done",
      (error) => error.code ?? error.name,
    );

  it("refuse a call in the service's own words, without letting it take effect", async () => {
    fake.faults = seededFaults(1, [
      { service: "dynamodb", operation: "PutItem", fault: "throttle" },
      { service: "sqs", fault: { status: 400, code: "AWS.SimpleQueueService.NonExistentQueue", message: "gone" } },
      { service: "firehose", fault: "throttle" },
    ]);
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    const failures = await Promise.all([
      new DynamoDBClient(fake.config("f")).send(put).catch((error) => error),
      new SQSClient(fake.config("f")).send(new GetQueueUrlCommand({ QueueName: "q" })).catch((error) => error),
      new FirehoseClient(fake.config("f"))
        .send(new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: [] }))
        .catch((error) => error),
    ]);
    expect(failures.map(({ name }) => name)).to.deep.equal([
      "ProvisionedThroughputExceededException",
      "QueueDoesNotExist",
      "ServiceUnavailableException",
    ]);
    expect(fake.seen).to.deep.equal([]);
    expect(fake.gateway.meters().map(({ errors, faults }) => [errors, faults])).to.deep.equal([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it("spare everybody but functions, and all but the function that the rule names", async () => {
    fake.faults = seededFaults(1, [{ function: "unlucky", fault: "throttle" }]);
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    const mapping = fake.gateway.issue({ kind: "mapping", name: "unlucky" });
    await new DynamoDBClient(fake.config("lucky")).send(put);
    await new DynamoDBClient({ ...fake.config("x"), credentials: mapping }).send(put);
    expect(await new DynamoDBClient(fake.config("unlucky")).send(put).catch(({ name }) => name)).to.equal(
      "ProvisionedThroughputExceededException",
    );
    expect(fake.seen).to.have.length(2);
  });

  it("that cannot be decided are the gateway's failure, and said to be", async () => {
    fake.faults = () => {
      throw new Error("no idea");
    };
    const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
    const error = await new DynamoDBClient(fake.config("f")).send(put).catch((failure) => failure);
    expect([error.name, error.message]).to.deep.equal(["InternalFailure", "The gateway failed: no idea"]);
  });

  it("reset the connection before the call takes effect, or after it", async () => {
    fake.faults = seededFaults(1, [{ during: { calls: 1 }, fault: "reset" }]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["ECONNRESET", 0]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["done", 1]);
    fake.faults = seededFaults(1, [{ during: { calls: 1 }, fault: "reset", afterEffect: true }]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["ECONNRESET", 2]);
    fake.faults = seededFaults(1, [{ during: { calls: 1 }, fault: "reset", afterEffect: true }]);
    expect([await putItem(2), fake.seen.length]).to.deep.equal(["done", 4]);
    expect(fake.gateway.meters().map(({ calls, faults }) => [calls, faults])).to.deep.equal([[5, 3]]);
  });

  it("answer with the service's own error 500, or any other, before the effect or after it", async () => {
    fake.faults = seededFaults(1, [{ fault: "unavailable" }]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["InternalServerError", 0]);
    fake.faults = seededFaults(1, [{ fault: "unavailable", afterEffect: true }]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["InternalServerError", 1]);
    fake.faults = seededFaults(1, [{ fault: { status: 503, code: "Odd", message: "no" }, afterEffect: true }]);
    expect([await putItem(), fake.seen.length]).to.deep.equal(["Odd", 2]);
  });

  it("never answer, and let the gateway end all the same", async () => {
    for (const [afterEffect, arrived] of [
      [false, 0],
      [true, 1],
    ] as const) {
      fake.faults = seededFaults(1, [{ fault: "silence", afterEffect }]);
      const error = await new DynamoDBClient({
        ...fake.config(one),
        requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true },
      })
        .send(put)
        .catch((failure) => failure);
      while (fake.seen.length < arrived) await new Promise(setImmediate);
      expect([error.name, fake.seen.length]).to.deep.equal(["TimeoutError", arrived]);
    }
    const unanswered = putItem();
    while (fake.gateway.meters()[0]!.calls < 3) await new Promise(setImmediate);
    await fake.gateway.stop();
    expect(await unanswered).to.be.oneOf(["ECONNRESET", "EPIPE"]);
  });

  it("hold a call up, and what waits ends with the gateway", async () => {
    fake.faults = seededFaults(1, [{ fault: { latency: 80 } }]);
    const begin = performance.now();
    expect([await putItem(), fake.seen.length]).to.deep.equal(["done", 1]);
    expect(performance.now() - begin).to.be.at.least(79);
    let asked = () => {};
    const held = new Promise<void>((resolve) => (asked = resolve));
    fake.faults = () => {
      asked();
      return { kind: "latency", milliseconds: 600_000 };
    };
    const late = putItem();
    await held;
    await fake.gateway.stop();
    expect([await late, fake.seen.length]).to.deep.equal(["ECONNRESET", 1]);
  });
});
