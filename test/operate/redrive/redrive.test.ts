import { expect } from "chai";
import { keyHash } from "../../../handlers/core/key-and-version.ts";
import { checkDestinations } from "../../../local/demo/check-destinations.ts";
import { nothingLeft, type StillFailing } from "../../../operate/redrive/result.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { FailingStack, impatient } from "./failing-stack.ts";

describe("a redrive", () => {
  const stack = new FailingStack();
  const problems = async () =>
    Object.fromEntries(
      (await checkDestinations(stack.engine, readOutputs(stack.engine.outputs))).map((one) => [one.name, one.problems]),
    );
  /** Some keys, each written several times, one deleted, one deleted and there again, one expired. */
  const write = async (prefix: string) => {
    for (let round = 0; round < 3; round++)
      for (const key of ["a", "b", "c", "d"]) await stack.put(`${prefix}-${key}`, { round: { N: String(round) } });
    await stack.remove(`${prefix}-b`);
    await stack.remove(`${prefix}-c`);
    await stack.put(`${prefix}-c`, { again: { BOOL: true } });
    await stack.put(`${prefix}-e`, { expiresAt: { N: String(Math.floor(Date.now() / 1000) - 60) } });
    await stack.engine.expire();
  };

  it("brings everything back once the destinations are mended: log, view, queue and replica are exact", async function () {
    this.timeout(90_000);
    await stack.start({
      warehouse: { kind: "redshift", ...impatient },
      events: { kind: "sqs", ...impatient },
      copy: { kind: "replica", ...impatient },
    });
    await write("first");
    await stack.engine.idle();
    for (const operation of ["PutRecordBatch", "SendMessageBatch", "PutItem"]) stack.out.add(operation);
    await write("second");
    await stack.engine.idle();
    stack.out.clear();
    await write("third");
    await stack.engine.idle();

    const looked = await stack.redrive({ dryRun: true });
    expect(looked.consumers.map(({ destinations, redriven }) => [destinations, redriven])).to.deep.equal([
      [["warehouse"], 17],
      [["events"], 17],
      [["copy"], 17],
    ]);
    expect(nothingLeft(looked)).to.equal(false);

    const { consumers } = await stack.redrive();
    for (const consumer of consumers) {
      expect(consumer.messages).to.be.at.least(4);
      expect(consumer).to.deep.include({
        ...{ redriven: 17, filteredOut: 0, stillFailing: [], trimmed: [], notUnderstood: [], left: 0 },
      });
    }
    await stack.engine.idle();
    expect(await problems()).to.deep.equal({ warehouse: [], events: [], copy: [] });
  });

  it("makes a replica equal the source whose table was unavailable for longer than the retries allow", async () => {
    const patient = { maximumRetryAttempts: 1, batchSize: 10 };
    await stack.start({ copy: { kind: "replica", mapping: patient, function: { timeout: 1 } } });
    await stack.put("a", { n: { N: "0" } });
    await stack.put("gone", {});
    await stack.engine.idle();
    stack.out.add("PutItem");
    await stack.put("a", { n: { N: "1" } });
    await stack.remove("gone");
    await stack.put("b");
    await stack.engine.idle();
    stack.out.clear();
    await stack.put("a", { n: { N: "2" } });
    await stack.engine.idle();
    expect((await problems()).copy).to.not.deep.equal([]);

    const result = await stack.redrive();
    expect(nothingLeft(result)).to.equal(true);
    expect(result.consumers[0]).to.include({ messages: 3, redriven: 3 });
    expect(await problems()).to.deep.equal({ copy: [] });
    expect((await stack.redrive()).consumers[0]).to.include({ messages: 0, redriven: 0, left: 0 });
  });

  it("keeps the message of what fails again, says why, and lets nothing else wait for it", async () => {
    await stack.start({ copy: { kind: "replica", ...impatient } });
    stack.out.add("PutItem");
    for (const id of ["a", "bad", "b", "c", "d", "e"]) await stack.put(id);
    await stack.engine.idle();
    stack.out.clear();
    stack.refused = ({ body }) =>
      body.includes('"bad"')
        ? { kind: "error", error: { status: 400, code: "ValidationException", message: "too odd" } }
        : undefined;
    const [first] = (await stack.redrive()).consumers;
    expect(first).to.deep.include({ redriven: 5, trimmed: [], notUnderstood: [], left: 1 });
    expect(first!.messages).to.be.at.least(2);
    const [{ first: sequenceNumber, messages, ...failing }] = first!.stillFailing as readonly [StillFailing];
    expect(failing).to.deep.equal({
      destination: "copy",
      reason: "DynamoDB: ValidationException: too odd",
      records: 1,
    });
    expect(sequenceNumber).to.match(/^\d+$/);
    expect(messages).to.have.length(1);
    expect((await problems()).copy).to.include(
      `the failure queue has a change of key hash ${keyHash({ id: { S: "bad" } })}, which had to be delivered; its function said: DynamoDB: ValidationException: too odd`,
    );

    stack.refused = () => undefined;
    expect((await stack.redrive()).consumers[0]).to.deep.include({ messages: 1, stillFailing: [], left: 0 });
    expect(await problems()).to.deep.equal({ copy: [] });
  });

  it("re-applies the mapping's filter, and sends the records of one consumer to all that share it", async () => {
    const filters = [{ dynamodb: { NewImage: { kind: { S: ["film"] } } } }, { eventName: ["REMOVE"] }];
    const shared = { consumer: "both", filters, ...impatient };
    await stack.start({ copy: { kind: "replica", ...shared }, other: { kind: "replica", ...shared } });
    stack.out.add("PutItem");
    for (let i = 0; i < 6; i++) await stack.put(`film-${i}`, { kind: { S: i % 2 === 0 ? "film" : "book" } });
    await stack.engine.idle();
    stack.out.clear();
    const { consumers } = await stack.redrive({ destination: "other" });
    expect(consumers).to.have.length(1);
    expect(consumers[0]).to.deep.include({ destinations: ["copy", "other"], redriven: 3, left: 0 });
    expect(consumers[0]!.filteredOut).to.be.within(0, 2);
    expect(await problems()).to.deep.equal({ copy: [], other: [] });
    expect((await stack.redrive({ destination: "nowhere" }).catch((error) => error)).message).to.equal(
      "--destination nowhere: the stack has no such destination; it has copy, other.",
    );
  });
});
