import { expect } from "chai";
import { parseArguments } from "../../../local/demo/arguments.ts";
import type { CheckedDestination } from "../../../local/demo/check-destinations.ts";
import { costReport } from "../../../local/demo/cost-report.ts";
import { instructions } from "../../../local/demo/instructions.ts";
import { allRight, type Result, report } from "../../../local/demo/report.ts";
import { resultUnits } from "../../../local/demo/result-units.ts";
import { run } from "../../../local/demo/run.ts";
import { runCost } from "../../../local/demo/run-cost.ts";
import { type Engine, up } from "../../../local/engine/engine.ts";
import { keep } from "../../../local/run/bring-up.ts";
import { type Outputs, readOutputs } from "../../../operate/stack/outputs.ts";
import { jsonResult } from "../../../terminal/json.ts";
import type { Progress } from "../../../terminal/progress.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";
import { numbersWithoutUnit } from "../../support/units.ts";

const silent: Progress = { step: (_label, work) => work(() => {}) };

describe("the demo", () => {
  let engine: Engine;
  let outputs: Outputs;
  let result: Result;

  before(async function () {
    this.timeout(90_000);
    const { endpoint } = await sharedDynamoDb();
    engine = await up({ ...stacks, dynamoDbEndpoint: endpoint, timeScale: 0.01 });
    outputs = readOutputs(engine.outputs);
    result = await run(engine, parseArguments(["--films", "60"]), silent);
  });

  after(() => engine?.down());

  const one = (name: string): CheckedDestination =>
    result.destinations.find((destination) => destination.name === name)!;

  it("finds every destination exact, and the refused change in the warehouse's failure queue alone", () => {
    expect(result.destinations.map(({ name, problems }) => [name, problems])).to.deep.equal([
      ["warehouse", []],
      ["events", []],
      ["copy", []],
    ]);
    expect(result.destinations.map(({ failureMessages }) => failureMessages)).to.deep.equal([1, 0, 0]);
    expect(allRight(result)).to.equal(true);
  });

  it("redrives the refused change once the warehouse takes it, and finds every destination exact again", () => {
    const { mended, consumers, destinations } = result.redrive!;
    expect(Object.keys(mended)).to.deep.equal(["warehouse"]);
    expect(
      consumers.map(({ destinations, messages, redriven, left }) => ({ destinations, messages, redriven, left })),
    ).to.deep.equal([
      { destinations: ["warehouse"], messages: 1, redriven: 1, left: 0 },
      { destinations: ["events"], messages: 0, redriven: 0, left: 0 },
      { destinations: ["copy"], messages: 0, redriven: 0, left: 0 },
    ]);
    expect(destinations.map(({ name, problems, failureMessages }) => [name, problems, failureMessages])).to.deep.equal([
      ["warehouse", [], 0],
      ["events", [], 0],
      ["copy", [], 0],
    ]);
    expect(destinations[0]!.arrived).to.match(new RegExp(`^${result.changes} in \\d+ rows`));
  });

  it("counts what arrived, and the calls that it took", () => {
    expect(result.destinations.map(({ changes }) => changes)).to.deep.equal(Array(3).fill(result.changes));
    expect(one("events").arrived).to.equal(`${result.changes} messages, 1 in S3`);
    expect(one("warehouse").arrived).to.match(
      new RegExp(`^${result.changes - 1} in \\d+ rows, \\d+ current, 1 in S3$`),
    );
    expect(Object.keys(one("events").calls)).to.have.members(["SendMessageBatch", "PutObject"]);
    expect(one("events").calls.PutObject).to.equal(1);
    expect(one("warehouse").calls.PutObject).to.be.greaterThan(0);
    expect(Object.keys(one("copy").calls)).to.deep.equal(["PutItem"]);
    expect(one("copy").batches).to.be.within(1, one("copy").invocations);
  });

  it("says what it would have cost, from what was called and billed", () => {
    const { consumers, total, loads } = result.cost;
    expect(consumers.map(({ destinations }) => destinations)).to.deep.equal([["warehouse"], ["events"], ["copy"]]);
    const [warehouse, events, copy] = consumers;
    const sent = one("events").calls.SendMessageBatch!;
    expect(events?.units.sqsFifoRequests).to.be.at.least(3 * sent);
    expect(copy?.units.writeUnits).to.be.at.least(one("copy").calls.PutItem!);
    expect(warehouse?.units.sqsStandardRequests).to.equal(1); // the message in the failure queue, which nobody reads here
    expect(warehouse?.units.firehoseSteps).to.be.greaterThan(0);
    for (const { invocations, gbSeconds, milliseconds, memoryMb } of consumers) {
      expect(invocations).to.be.greaterThan(0);
      expect(memoryMb).to.equal(512);
      expect(gbSeconds).to.be.closeTo(milliseconds / 2000, 1e-9);
    }
    expect(total).to.be.closeTo(
      consumers.reduce((sum, consumer) => sum + consumer.total, 0),
      1e-12,
    );
    expect(loads).to.deep.equal([
      { destination: "warehouse", rpu: 8, interval: 900, loads: 1, dollars: 0.05, perDay: 96 * 0.05 },
    ]);
  });

  it("says nothing of a million changes after so few", () => {
    expect(result.changes).to.be.lessThan(1_000);
    for (const cost of [result.cost, ...result.cost.consumers]) expect(cost).to.not.have.property("perMillion");
    const text = report(result, 120);
    expect(text).to.not.match(/a million changes$/m);
    expect(text).to.contain("What a million changes cost is not said of fewer than 1,000.");
  });

  it("says of a million changes what they cost if all are like the run's", () => {
    const cost = runCost(engine, outputs, { changes: 1_000, seconds: 1 });
    expect(cost.perMillion).to.be.closeTo(cost.total * 1_000, 1e-9);
    for (const { total, perMillion } of cost.consumers) expect(perMillion).to.be.closeTo(total * 1_000, 1e-9);
    const text = costReport(cost, Number.POSITIVE_INFINITY);
    expect(text)
      .to.match(/a million changes$/m)
      .and.to.match(/^copy .* \$0\.\d{4} +\$\d+\.\d\d$/m);
    expect(text).to.not.contain("is not said");
  });

  it("has every number of its JSON with what it counts or measures", () => {
    const told = jsonResult(true, resultUnits, {
      ...result,
      cost: runCost(engine, outputs, { changes: 1_000, seconds: 1 }),
    });
    const { ok, units, ...rest } = JSON.parse(told);
    expect(ok).to.equal(true);
    expect(rest.redrive.consumers).to.have.length(3);
    expect(numbersWithoutUnit(rest, units)).to.deep.equal([]);
  });

  for (const width of [50, 80, 120])
    it(`reports in ${width} columns`, () => {
      const long = "a-destination-with-a-long-name";
      const destinations = result.destinations.map((one) => ({ ...one, name: `${long}-${one.name}` }));
      const cost = runCost(engine, outputs, { changes: 1_000, seconds: 1 });
      for (const one of [result, { ...result, destinations, cost }]) {
        const lines = report(one, width).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(width);
      }
    });

  it("reports it in a table", () => {
    const text = report(result, 120);
    expect(text).to.contain("It was in the failure queue of warehouse.");
    expect(text).to.match(/^warehouse +1 +1 +0$/m);
    expect(text).to.contain(`Verified again: exact, warehouse: ${result.changes} in `);
    expect(text).to.match(/^copy +\d+ × \d+ ms × 512 MB {2}\d+ × write of 1 KB +\$0\.\d{4}$/m);
    expect(text).to.match(/^sum +\$0\.\d{4}$/m);
    expect(text).to.contain(
      "1 × 60 s × 8 RPU at least to load warehouse for this run, $0.05; every 900 s all day, $4.80.",
    );
    expect(text).to.match(/^copy {9}replica {3}.*exact$/m);
    expect(Math.max(...text.split("\n").map((line) => line.length))).to.be.at.most(120);
    expect(text).to.match(/Every destination holds exactly what it should\.$/);
  });

  it("tells a person how to write to the table", async () => {
    const text = await instructions(engine, "dev");
    expect(text).to.contain(`export AWS_ENDPOINT_URL=${engine.environment.AWS_ENDPOINT_URL}`);
    expect(text).to.contain(`TableName: "${outputs.table}", Item: {"id":{"S":"mine"}`);
    expect(text).to.contain(outputs.destinations.events!.sink.queueUrl);
    expect(text).to.contain("npm run redrive -- --stack dev --local");
  });

  it("keeps the stack until the signal, or until a mapping fails", async () => {
    await keep(engine, AbortSignal.abort());
    const failure = new Error("the stream is gone");
    const [known] = engine.mappings.values();
    const failing = { ...known!, mapping: { ...known!.mapping, failed: Promise.reject(failure) } };
    const broken: Engine = {
      ...engine,
      mappings: new Map([
        ["one", known!],
        ["two", failing],
      ]),
    };
    const { signal } = new AbortController();
    expect(await keep(broken, signal).catch((error) => error)).to.equal(failure);
  });
});
