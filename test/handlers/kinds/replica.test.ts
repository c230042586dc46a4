import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import fc from "fast-check";
import type { Change, Deliver, Image } from "../../../handlers/core/contract.ts";
import { isRefusal } from "../../../handlers/core/errors.ts";
import { keyHash } from "../../../handlers/core/key-and-version.ts";
import { connect, expiryAttribute, refusals, versionAttribute } from "../../../handlers/kinds/replica.ts";
import { conformance, type StateSubject } from "../../support/conformance.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { type Faults, startFaults } from "../../support/faults.ts";
import { oversizeConformance } from "../../support/oversize-conformance.ts";
import { image } from "../arbitraries.ts";
import { anHour, busyMachine, callFor } from "../call-for.ts";
import { change } from "../changes.ts";
import { withEnvironment } from "../environment.ts";
import { serviceError } from "../service-error.ts";

/** Another one each time that the file is run: the mutation test runs it again and again on one DynamoDB. */
const tableName = `handlers-replica-${randomUUID()}`;

describe("replica", function () {
  this.timeout(busyMachine);

  let client: DynamoDBClient;
  let faults: Faults;
  let deliver: Deliver;
  let restore: () => void;

  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    faults = await startFaults(endpoint, 2);
    restore = withEnvironment({ AWS_ENDPOINT_URL_DYNAMODB: faults.endpoint });
    client = new DynamoDBClient({ endpoint });
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    deliver = connect({ tableName, tombstoneDays: 14 });
  });

  after(async () => {
    restore();
    client.destroy();
    await faults.stop();
  });

  beforeEach(() => faults.set({ kind: "none" }));

  const stored = async (id: string) =>
    (await client.send(new GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true })))
      .Item;

  const latest = async (): Promise<ReadonlyMap<string, Image>> => {
    const items = new Map<string, Image>();
    for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
      for (const { [versionAttribute]: version, ...item } of Items) {
        expect(version?.S).to.match(/^\d{40}$/);
        if (item[expiryAttribute] === undefined) items.set(keyHash({ id: item.id! }), item);
      }
    }
    return items;
  };

  const subject = (): StateSubject => ({ deliver, fault: faults.set, holds: "state", items: latest });
  const poison = {
    make: (id: string) => change({ id, after: { [expiryAttribute]: { N: "1" } } }),
    reason: /_fanout_expires itself/,
  };
  conformance("replica", subject, poison);
  oversizeConformance("replica", subject);

  it("writes only the last change of each key", async () => {
    faults.passages.length = 0;
    const changes = Array.from({ length: 40 }, (_, i) => change({ id: `last-${i % 4}` }));
    expect(await deliver(changes, callFor(5000))).to.deep.equal([]);
    expect(faults.passages.map(({ operation }) => operation)).to.deep.equal(Array(4).fill("PutItem"));
  });

  it("leaves a tombstone that expires, counted from now", async () => {
    const gone = change({ id: "gone", operation: "REMOVE" });
    const before = Date.now() / 1000;
    await deliver([gone], callFor(5000));
    const { [expiryAttribute]: expires, ...rest } = (await stored("gone"))!;
    expect(rest).to.deep.equal({ id: { S: "gone" }, [versionAttribute]: { S: gone.version.padStart(40, "0") } });
    expect(Number(expires!.N)).to.be.within(before + 14 * 86_400, Date.now() / 1000 + 14 * 86_400 + 1);
  });

  it("leaves out what the old version of global tables adds to items", async () => {
    const own = { "aws:rep:other": { S: "mine" }, "x-aws:rep:deleting": { BOOL: true } };
    const one = change({ id: "global", after: { ...replication, ...own } });
    expect(await deliver([one], callFor(5000))).to.deep.equal([]);
    expect(await stored("global")).to.have.all.keys("id", "n", ...Object.keys(own), versionAttribute);
  });

  it("compares versions as numbers, not as text", async () => {
    const [older, newer] = [
      change({ id: "digits", version: "999999999999999999999" }),
      change({ id: "digits", version: "1000000000000000000000" }),
    ];
    await deliver([newer], callFor(5000));
    await deliver([older], callFor(5000));
    expect((await stored("digits"))?.n).to.deep.equal(newer.after!.n);
  });

  it("takes over an item that was there before it had versions", async () => {
    await client.send(new PutItemCommand({ TableName: tableName, Item: { id: { S: "old" }, left: { S: "over" } } }));
    await deliver([change({ id: "old" })], callFor(5000));
    expect(await stored("old")).to.have.all.keys("id", "n", versionAttribute);
  });

  it("fails a change that the version makes too large, with what the table says, and keeps the state before it", async () => {
    const history = [
      change({ id: "huge" }),
      change({ id: "huge", after: { text: { S: "x".repeat(409_560) } } }),
      change({ id: "huge", after: { text: { S: "y".repeat(409_560) } } }),
    ];
    const call = callFor(5000);
    expect(await deliver(history, call)).to.deep.equal(history.slice(1));
    expect(call.problems.get(history[1]!)).to.match(/^DynamoDB: ValidationException: .*size has exceeded/);
    expect((await stored("huge"))?.n).to.deep.equal(history[0]!.after!.n);
  });

  it("fails a change without a new image, and says what the stream needs", async () => {
    const { after, ...bare } = change({ id: "bare" });
    const call = callFor(5000);
    expect(await deliver([bare], call)).to.deep.equal([bare]);
    expect(call.problems.get(bare)).to.contain("NEW_AND_OLD_IMAGES");
  });

  it("fails all changes of a key whose last one could not be written, and those of no other key", async () => {
    const [one, two] = [change({ id: "down" }), change({ id: "down" })];
    faults.set({ kind: "unavailable", share: 1 });
    expect(await deliver([one, two], callFor(300))).to.deep.equal([one, two]);
  });

  it("waits for what somebody has to mend, and says what it is", async () => {
    const call = callFor(300);
    const changes = [change()];
    expect(await connect({ tableName: "missing", tombstoneDays: 14 })(changes, call)).to.deep.equal(changes);
    expect(call.retries).to.be.greaterThan(0);
    expect(call.problems.get(changes[0]!)).to.match(/^DynamoDB: ResourceNotFoundException/);
  });

  it("knows how DynamoDB refuses", () => {
    const refused = [
      "ConditionalCheckFailedException",
      "ItemCollectionSizeLimitExceededException",
      "ValidationException",
    ];
    for (const code of refused) expect(isRefusal(serviceError(code), refusals), code).to.equal(true);
    const unavailable = [
      "ProvisionedThroughputExceededException",
      "ResourceNotFoundException",
      "AccessDeniedException",
    ];
    for (const code of unavailable) expect(isRefusal(serviceError(code), refusals), code).to.equal(false);
  });

  it("passes any item through unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(image, async (after) => {
        const one = change({ id: "any", after });
        expect(await deliver([one], callFor(5000))).to.deep.equal([]);
        const put = faults.passages.at(-1)!.input.Item as Record<string, unknown>;
        const { [versionAttribute]: version, ...sent } = put;
        expect(sent).to.deep.equal(wire(one));
      }),
      { numRuns: 100 },
    );
  });

  it("converges to the last state, whatever comes again in whatever order", async () => {
    let run = 0;
    const step = fc.tuple(fc.nat(3), fc.constantFrom("MODIFY" as const, "REMOVE" as const));
    const slice = fc.tuple(fc.nat(30), fc.nat(30), fc.boolean());
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.array(slice, { maxLength: 6 }),
        async (steps, slices) => {
          run++;
          const history = steps.map(([key, operation]) => change({ id: `${run}-${key}`, operation }));
          faults.set({ kind: "entries", share: 0.2 });
          for (const [from, length, backwards] of slices) {
            const part = history.slice(from % history.length, (from % history.length) + length);
            expect(await deliver(backwards ? part.toReversed() : part, callFor(anHour))).to.deep.equal([]);
          }
          expect(await deliver(history, callFor(anHour))).to.deep.equal([]);
          const state = await latest();
          const last = new Map(history.map((one) => [one.keyHash, one]));
          for (const [hash, one] of last) expect(state.get(hash)).to.deep.equal(one.after);
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** What the old version of global tables adds to an item. */
const replication: Image = {
  "aws:rep:deleting": { BOOL: false },
  "aws:rep:updatetime": { N: "1800000000.780001" },
  "aws:rep:updateregion": { S: "eu-west-1" },
};

/** The item as the protocol carries it: binaries as base64. */
function wire(one: Change): unknown {
  return JSON.parse(
    JSON.stringify(one.after, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
    ),
  );
}
