import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { idOf, recordingFunction } from "./support/function.ts";
import { type MappingOnTable, mappingOnTable, names } from "./support/mapping-on-table.ts";

describe("a mapping on DynamoDB Local", () => {
  let table: MappingOnTable["table"];
  let start: MappingOnTable["start"];
  let close: MappingOnTable["close"];
  beforeEach(async () => {
    ({ table, start, close } = await mappingOnTable());
  });
  afterEach(() => close());

  it("delivers every change once and in order, in the event's form", async () => {
    await table.putAll(["a"]);
    const key = { id: { S: "a" } };
    const rich = { ...key, b: { B: new Uint8Array([1, 2, 255]) }, n: { N: "1.5" } };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: rich }));
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: key }));
    const records: unknown[] = [];
    const running = start(
      {},
      {
        async invoke(event) {
          records.push(...event.Records);
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    await running.idle();

    expect(records).to.have.length(3);
    expect(records[1]).to.deep.include({
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
      eventSourceARN: table.streamArn.replace("ddblocal", "eu-west-1"),
    });
    const { dynamodb } = records[1] as { dynamodb: Record<string, unknown> };
    expect(dynamodb).to.deep.include({
      Keys: key,
      OldImage: key,
      NewImage: { ...key, b: { B: "AQL/" }, n: { N: "1.5" } },
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    expect(dynamodb.ApproximateCreationDateTime).to.be.a("number").and.to.satisfy(Number.isInteger);
    expect(running.stats).to.deep.include({ polled: 3, delivered: 3, invocations: 1, batches: 1, droppedRecords: 0 });
  });

  it("passes over what the filters leave out", async () => {
    await table.putAll(["a", "b"], { status: { S: "OPEN" } });
    await table.putAll(["c"], { status: { S: "SHUT" } });
    const consumer = recordingFunction();
    const pattern = '{"dynamodb":{"NewImage":{"status":{"S":["OPEN"]}}}}';
    const running = start({ filterCriteria: { filters: [{ pattern }] } }, { invoke: consumer.invoke });
    await running.idle();

    expect(consumer.calls).to.deep.equal([["a", "b"]]);
    expect(running.stats).to.deep.include({ polled: 3, filteredOut: 1, delivered: 2 });
    const image = (status: string) =>
      ({ eventName: "INSERT", dynamodb: { NewImage: { status: { S: status } } } }) as const;
    expect([image("OPEN"), image("SHUT")].map((record) => running.passes(record))).to.deep.equal([true, false]);
  });

  it("invokes nothing when the filters leave everything out, and goes past it for good", async () => {
    const checkpoints: Checkpoints = new Map();
    await table.putAll(["a", "b"]);
    const consumer = recordingFunction();
    const filterCriteria = { filters: [{ pattern: '{"eventName":["REMOVE"]}' }] };
    const running = start({ filterCriteria }, { invoke: consumer.invoke, checkpoints });
    await running.idle();
    await running.stop();
    expect(running.stats).to.deep.include({ polled: 2, filteredOut: 2, invocations: 0 });
    const again = start({}, { invoke: consumer.invoke, checkpoints });
    await again.idle();
    expect(consumer.calls).to.deep.equal([]);
  });

  it("is idle only when everything written before is settled, while others keep writing", async () => {
    const settled = new Set<string>();
    const running = start(
      { batchSize: 7, parallelizationFactor: 3 },
      {
        async invoke(event) {
          await new Promise(setImmediate);
          for (const record of event.Records) settled.add(idOf(record));
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    const missing: string[] = [];
    const writer = async (prefix: string) => {
      for (let round = 0; round < 8; round += 1) {
        const ids = names(30, `${prefix}-${round}`);
        await table.putAll(ids);
        await running.idle();
        missing.push(...ids.filter((id) => !settled.has(id)));
      }
    };
    await Promise.all(["x", "y", "z"].map(writer));

    expect(missing).to.deep.equal([]);
    expect(settled.size).to.equal(3 * 8 * 30);
    expect(running.stats.delivered).to.equal(3 * 8 * 30);
  });

  it("keeps the order of each item's changes in parallel lanes, of which a failing one holds up only itself", async () => {
    const order: Record<string, string[]> = {};
    let failures = 0;
    const running = start(
      { batchSize: 5, parallelizationFactor: 4 },
      {
        async invoke(event) {
          if (event.Records.some((record) => idOf(record) === "key-3") && failures < 10) {
            failures += 1;
            return { payload: null, functionError: "Unhandled", requestId: "r" };
          }
          for (const record of event.Records) {
            const id = idOf(record);
            order[id] = [...(order[id] ?? []), record.dynamodb!.NewImage!.n!.N!];
          }
          return { payload: null, functionError: null, requestId: "r" };
        },
      },
    );
    const keys = names(8, "key");
    for (let n = 0; n < 20; n += 1) await table.putAll(keys, { n: { N: String(n) } });
    await running.idle();

    const rising = Array.from({ length: 20 }, (_, n) => String(n));
    expect(order).to.deep.equal(Object.fromEntries(keys.map((key) => [key, rising])));
    expect(failures).to.equal(10);
  });

  it("reads nothing while it is disabled", async () => {
    await table.putAll(["a"]);
    const consumer = recordingFunction();
    const running = start({ enabled: false }, { invoke: consumer.invoke });
    await running.started();
    await running.idle();
    expect(consumer.calls).to.deep.equal([]);
  });
});
