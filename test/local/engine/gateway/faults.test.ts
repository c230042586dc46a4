import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import fc from "fast-check";
import type { FaultHook } from "../../../../local/engine/gateway/fault.ts";
import { type FaultRule, firstOf, outage, seededFaults } from "../../../../local/engine/gateway/faults.ts";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import type { Principal, ServiceCall } from "../../../../local/engine/gateway/service-call.ts";
import { copyCall, invocation } from "../../../../local/engine/gateway/service-call.ts";

type Json = Record<string, unknown>;

const call = (principal: Principal, service: string, operation: string): ServiceCall => ({
  ...{ principal, service, operation, region: "eu-west-1", path: "/", body: Buffer.alloc(0) },
});
const one: Principal = { kind: "function", name: "one-1a2b3c4", logicalName: "one" };
const two: Principal = { kind: "function", name: "two-5d6e7f8", logicalName: "two" };
const throttled = { kind: "error", effect: false } as const;

describe("the rules for faults", () => {
  it("concern what functions call, by service, operation, and either of the function's names", () => {
    const put = call(one, "dynamodb", "PutItem");
    const hits = (rule: Omit<FaultRule, "fault">, other = put) =>
      seededFaults(1, [{ ...rule, fault: "throttle" }])(other) !== undefined;
    expect(hits({})).to.equal(true);
    expect(hits({ service: "dynamodb", operation: "PutItem" })).to.equal(true);
    expect(hits({ service: "sqs" })).to.equal(false);
    expect(hits({ operation: "GetItem" })).to.equal(false);
    expect(hits({ function: "one" })).to.equal(true);
    expect(hits({ function: "one-1a2b3c4" })).to.equal(true);
    expect(hits({ function: "two" })).to.equal(false);
    for (const kind of ["mapping", "firehose", "engine", "user"] as const) {
      const other = call({ ...one, kind }, "dynamodb", "PutItem");
      expect([hits({}, other), hits({ caller: kind }, other), hits({ caller: kind })]).to.deep.equal([
        false,
        true,
        false,
      ]);
    }
  });

  it("concern invocations and COPYs only if they say so", () => {
    const invoked = invocation({ ...one, kind: "mapping" }, "eu-west-1", one, "{}");
    const copied = copyCall({ kind: "firehose", name: "stream" }, "eu-west-1");
    const kinds = (rule: FaultRule) =>
      [invoked, copied, call(one, "sqs", "SendMessage")].map((each) => seededFaults(1, [rule])(each)?.kind);
    expect(kinds({ fault: "reset" })).to.deep.equal([undefined, undefined, "reset"]);
    expect(kinds({ service: "lambda", fault: "reset" })).to.deep.equal(["reset", undefined, undefined]);
    expect(kinds({ operation: "Invoke", function: "one", fault: "reset" })).to.deep.equal([
      "reset",
      undefined,
      undefined,
    ]);
    expect(kinds({ operation: "Invoke", function: "two", fault: "reset" })).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(kinds({ fault: "crash" })).to.deep.equal(["ending", undefined, undefined]);
    expect(kinds({ fault: "timeout" })).to.deep.equal(["ending", undefined, undefined]);
    expect(kinds({ fault: "repeat" })).to.deep.equal([undefined, "repeat", undefined]);
    expect(kinds({ service: "redshift", fault: "reset" })).to.deep.equal([undefined, "reset", undefined]);
  });

  it("strike for a number of calls", () => {
    const hook = seededFaults(1, [{ during: { from: 3, calls: 2 }, fault: "throttle" }]);
    const verdicts = (principal: Principal) =>
      Array.from({ length: 6 }, () => hook(call(principal, "sqs", "SendMessage")) !== undefined);
    const expected = [false, false, true, true, false, false];
    expect([verdicts(one), verdicts(two)]).to.deep.equal([expected, expected]);
  });

  it("add latency up, and let a further rule strike after it; each rule counts for itself", () => {
    const hook = seededFaults(1, [
      { fault: { latency: 100 } },
      { fault: { latency: [10, 20] } },
      { during: { calls: 1 }, fault: "reset" },
      { during: { calls: 2 }, fault: "throttle" },
    ]);
    const faults = Array.from({ length: 3 }, () => hook(call(one, "sqs", "SendMessage")));
    for (const fault of faults) {
      if (fault?.kind !== "latency") throw new Error(`${fault?.kind} is no latency`);
      expect(fault.milliseconds).to.be.within(110, 120);
    }
    expect(faults.map((fault) => fault?.kind === "latency" && fault.before?.kind)).to.deep.equal([
      "reset",
      "error",
      undefined,
    ]);
  });

  it("give a caller's n-th call the same fault, however the callers take turns", () => {
    const operations = ["SendMessage", "SendMessageBatch", "PutItem"];
    const turn = fc.tuple(fc.constantFrom(one, two), fc.constantFrom(...operations));
    const rules: FaultRule[] = [
      { operation: "PutItem", probability: 0.3, fault: "throttle" },
      { probability: 0.3, fault: { latency: [1, 1000] } },
      { probability: 0.5, fault: { failEntries: 0.5 } },
    ];
    const verdicts = (seed: number, turns: readonly (readonly [Principal, string])[]) => {
      const hook = seededFaults(seed, rules);
      const found = new Map<string, unknown[]>();
      for (const [principal, operation] of turns) {
        const fault = hook(call(principal, "any", operation));
        const entries = fault?.kind === "entries" ? Array.from({ length: 5 }, (_, index) => fault.fails(index)) : [];
        const key = `${principal.name} ${operation}`;
        found.set(key, [...(found.get(key) ?? []), { ...fault, entries, fails: undefined, before: undefined }]);
      }
      return Object.fromEntries(found);
    };
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(turn, { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (seed, turns, order) => {
          const shuffled = turns
            .map((each) => ({ each, place: order.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ each }) => each);
          expect(verdicts(seed, shuffled)).to.deep.equal(verdicts(seed, turns));
        },
      ),
    );
  });

  it("are as frequent as asked for, and not alike for two callers or two seeds", () => {
    const draw = (seed: number, principal: Principal) => {
      const hook = seededFaults(seed, [{ probability: 0.2, fault: "throttle" }]);
      return Array.from({ length: 2000 }, () => hook(call(principal, "sqs", "SendMessage")) !== undefined);
    };
    expect(draw(7, one)).to.deep.equal(draw(7, { ...one, name: "one-9999999" }));
    expect(draw(7, one)).not.to.deep.equal(draw(8, one));
    expect(draw(7, one)).not.to.deep.equal(draw(7, two));
    for (const seed of [1, 2, 3]) expect(draw(seed, one).filter(Boolean)).to.have.length.within(340, 460);
  });

  it("apply only during an outage, and the first of several hooks decides", () => {
    const out = outage([{ operation: "PutItem", fault: "unavailable" }]);
    const hook = firstOf(out.hook, seededFaults(1, [{ fault: "throttle" }]));
    const code = () => {
      const fault = hook(call(one, "dynamodb", "PutItem"));
      return fault?.kind === "error" ? fault.error.code : fault?.kind;
    };
    expect(code()).to.equal("ProvisionedThroughputExceededException");
    out.begin();
    expect(code()).to.equal("InternalServerError");
    expect(hook(call(one, "sqs", "SendMessage"))).to.deep.include(throttled);
    out.end();
    expect(code()).to.equal("ProvisionedThroughputExceededException");
  });
});

describe("faults on the wire", () => {
  let upstream: Server;
  let gateway: Gateway;
  let seen: Json[];
  let answer: (body: Json) => unknown;
  let hook: FaultHook;

  beforeEach(async () => {
    seen = [];
    answer = () => ({});
    upstream = createServer(async (request, response) => {
      const body = JSON.parse(await text(request));
      seen.push(body);
      response.end(JSON.stringify(answer(body)));
    }).listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const address = async () => `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    gateway = await Gateway.start({
      services: { dynamodb: address, sqs: address, firehose: address },
      faults: (each) => hook(each),
    });
  });
  afterEach(async () => {
    await gateway.stop();
    upstream.closeAllConnections();
    upstream.close();
  });

  const config = (maxAttempts = 1) => ({
    ...{ endpoint: gateway.endpoint, region: "eu-west-1", credentials: gateway.issue(one), maxAttempts },
  });
  const put = new PutItemCommand({ TableName: "t", Item: { id: { S: "a" } } });
  const putItem = (attempts = 1) =>
    new DynamoDBClient(config(attempts)).send(put).then(
      () => "done",
      (error) => error.code ?? error.name,
    );
  const failing = (which: number, count: number) => (): ReturnType<FaultHook> => ({
    ...{ kind: "entries", effect: true, fails: (index) => index % count === which },
  });

  it("reset the connection before the call takes effect, or after it", async () => {
    hook = seededFaults(1, [{ during: { calls: 1 }, fault: "reset" }]);
    expect([await putItem(), seen.length]).to.deep.equal(["ECONNRESET", 0]);
    expect([await putItem(), seen.length]).to.deep.equal(["done", 1]);
    hook = seededFaults(1, [{ during: { calls: 1 }, fault: "reset", afterEffect: true }]);
    expect([await putItem(), seen.length]).to.deep.equal(["ECONNRESET", 2]);
    hook = seededFaults(1, [{ during: { calls: 1 }, fault: "reset", afterEffect: true }]);
    expect([await putItem(2), seen.length]).to.deep.equal(["done", 4]);
    expect(gateway.meters().map(({ calls, faults }) => [calls, faults])).to.deep.equal([[5, 3]]);
  });

  it("answer with the service's own error 500, or any other, before the effect or after it", async () => {
    hook = seededFaults(1, [{ fault: "unavailable" }]);
    expect([await putItem(), seen.length]).to.deep.equal(["InternalServerError", 0]);
    hook = seededFaults(1, [{ fault: "unavailable", afterEffect: true }]);
    expect([await putItem(), seen.length]).to.deep.equal(["InternalServerError", 1]);
    hook = seededFaults(1, [{ fault: { status: 503, code: "Odd", message: "no" }, afterEffect: true }]);
    expect([await putItem(), seen.length]).to.deep.equal(["Odd", 2]);
  });

  it("never answer, and let the gateway end all the same", async () => {
    for (const [afterEffect, arrived] of [
      [false, 0],
      [true, 1],
    ] as const) {
      hook = seededFaults(1, [{ fault: "silence", afterEffect }]);
      const error = await new DynamoDBClient({
        ...config(),
        requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
      })
        .send(put)
        .catch((failure) => failure);
      expect([error.name, seen.length]).to.deep.equal(["TimeoutError", arrived]);
    }
    const unanswered = putItem();
    while (gateway.meters()[0]!.calls < 3) await new Promise(setImmediate);
    await gateway.stop();
    expect(await unanswered).to.be.oneOf(["ECONNRESET", "EPIPE"]);
  });

  it("hold a call up, and what waits ends with the gateway", async () => {
    hook = seededFaults(1, [{ fault: { latency: 80 } }]);
    const begin = performance.now();
    expect([await putItem(), seen.length]).to.deep.equal(["done", 1]);
    expect(performance.now() - begin).to.be.at.least(79);
    let asked = () => {};
    const held = new Promise<void>((resolve) => (asked = resolve));
    hook = () => {
      asked();
      return { kind: "latency", milliseconds: 600_000 };
    };
    const late = putItem();
    await held;
    await gateway.stop();
    expect([await late, seen.length]).to.deep.equal(["ECONNRESET", 1]);
  });

  it("report messages of a batch as failed that were sent", async () => {
    hook = failing(1, 2);
    answer = ({ Entries }) => {
      const sent = (Entries as { Id: string }[]).map(({ Id }) => ({
        ...{ Id, MessageId: Id, MD5OfMessageBody: "0cc175b9c0f1b6a831c399e269772661" },
      }));
      return { Successful: sent.slice(0, 3), Failed: [{ Id: "d", Code: "Odd", SenderFault: true }] };
    };
    const Entries = ["a", "b", "c", "d"].map((Id) => ({ Id, MessageBody: "a" }));
    const sent = await new SQSClient(config()).send(new SendMessageBatchCommand({ QueueUrl: "q", Entries }));
    expect(sent.Successful?.map(({ Id }) => Id)).to.deep.equal(["a", "c"]);
    expect(sent.Failed?.map(({ Id, Code }) => [Id, Code])).to.deep.equal([
      ["b", "InternalError"],
      ["d", "InternalError"],
    ]);
    expect(seen).to.have.length(1);
    expect(seen[0]?.Entries).to.have.length(4);
  });

  it("report records of a Firehose batch as failed that it took", async () => {
    hook = failing(0, 3);
    answer = ({ Records }) => ({
      FailedPutCount: 1,
      Encrypted: false,
      RequestResponses: (Records as Json[]).map((_, index) =>
        index === 2 ? { ErrorCode: "Odd", ErrorMessage: "no" } : { RecordId: `r${index}` },
      ),
    });
    const Records = Array.from({ length: 4 }, (_, index) => ({ Data: Buffer.from(String(index)) }));
    const batch = new PutRecordBatchCommand({ DeliveryStreamName: "s", Records });
    const { FailedPutCount, RequestResponses } = await new FirehoseClient(config()).send(batch);
    expect(RequestResponses?.map(({ RecordId, ErrorCode }) => RecordId ?? ErrorCode)).to.deep.equal([
      "ServiceUnavailableException",
      "r1",
      "Odd",
      "ServiceUnavailableException",
    ]);
    expect(FailedPutCount).to.equal(3);
    expect(seen[0]?.Records).to.have.length(4);
  });

  it("report writes of a batch as unprocessed that were made, also if all of them were", async () => {
    hook = failing(1, 2);
    const write = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } });
    const RequestItems = { t: ["a", "b", "c", "d"].map(write) };
    answer = () => ({ UnprocessedItems: { t: [write("c"), write("d")] } });
    const client = new DynamoDBClient(config());
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
    expect(UnprocessedItems).to.deep.equal({ t: [write("c"), write("b"), write("d")] });
    expect(seen).to.deep.equal([{ RequestItems }]);
    hook = failing(0, 1);
    const refused = await client.send(new BatchWriteItemCommand({ RequestItems })).catch(({ name }) => name);
    expect([refused, seen.length]).to.deep.equal(["ProvisionedThroughputExceededException", 2]);
  });
});
