import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { consumerCost, loadCost, loadCostOfDay, readersOf } from "../../../../local/engine/cost/cost.ts";
import { prices } from "../../../../local/engine/cost/prices.ts";
import { sumOfUnits } from "../../../../local/engine/cost/units.ts";

const readme = readFileSync(join(import.meta.dirname, "../../../../README.md"), "utf8");
const million = 1_000_000;

/** The last figure in dollars of a row of the README's tables. */
function figure(row: string): string {
  const line = readme.split("\n").find((text) => text.startsWith(`| ${row}`));
  const found = [...(line ?? "").matchAll(/\$([\d.]+)/g)].at(-1)?.[1];
  if (found === undefined) throw new Error(`README.md says no price of "${row}"`);
  return found;
}

describe("the cost of a consumer", () => {
  const none = { invocations: 0, milliseconds: 0, memoryMb: 512, units: {} };

  it("is Lambda's requests and GB-seconds, by the millisecond", () => {
    const cost = consumerCost({ ...none, invocations: million, milliseconds: 1 });
    expect(cost.gbSeconds).to.equal(0.0005);
    expect(cost.lambda).to.be.closeTo(0.2 + 0.0005 * 0.0000133334, 1e-12);
    expect(cost).to.include({ calls: 0, readers: 0, total: cost.lambda });
  });

  it("is what its calls are billed as, and what its queue's readers are", () => {
    const units = { writeUnits: million, sqsStandardRequests: million, s3Writes: 1000, streamReads: 100_000 };
    const { calls, readers, total } = consumerCost({ ...none, units, readers: { sqsFifoRequests: million } });
    expect(calls).to.be.closeTo(0.625 + 0.4 + 0.005 + 0.02, 1e-12);
    expect(readers).to.be.closeTo(0.5, 1e-12);
    expect(total).to.be.closeTo(calls + readers, 1e-12);
  });

  it("has readers who receive what was sent and delete it by call", () => {
    expect(readersOf({ sqsFifoRequests: 16 }, 2)).to.deep.equal({ sqsFifoRequests: 18 });
    expect(readersOf({ sqsStandardRequests: 5 }, 5)).to.deep.equal({ sqsStandardRequests: 10 });
    expect(readersOf({}, 0)).to.deep.equal({});
  });

  it("adds units by kind", () => {
    expect(sumOfUnits({ readUnits: 1, writeUnits: 2 }, { writeUnits: 3, s3Reads: 4 })).to.deep.equal({
      readUnits: 1,
      writeUnits: 5,
      s3Reads: 4,
    });
  });
});

describe("the cost of loads", () => {
  const dev = { rpu: 8, interval: 900 };

  it("is a minute for each interval that has begun, and one at the least", () => {
    for (const [seconds, loads] of [
      [0, 1],
      [41, 1],
      [900, 1],
      [901, 2],
    ] as const)
      expect(loadCost(dev, seconds)).to.deep.equal({ loads, dollars: loads * 0.05 });
  });

  it("is that of a warehouse that never rests where loads come every minute or more often", () => {
    expect(loadCostOfDay({ rpu: 8, interval: 0 })).to.be.closeTo(24 * 8 * 0.375, 1e-9);
  });
});

describe("the README's figures per million changes of 1 KB", () => {
  const invocations = 10_000;
  const idle = { invocations: 0, milliseconds: 0, memoryMb: 512 };

  it("are those of the price table: a consumer", () => {
    const { total } = consumerCost({ invocations, milliseconds: invocations * 200, memoryMb: 512, units: {} });
    expect(total.toFixed(3)).to.equal(figure("each consumer"));
  });

  it("Firehose, with packed records", () => {
    const { total } = consumerCost({ ...idle, units: { firehoseSteps: (million * 1024) / 5120 } });
    expect(total.toFixed(2)).to.equal("0.03");
    const loose = consumerCost({ ...idle, units: { firehoseSteps: million } });
    expect(readme).to.include(
      `$0.029: $${total.toFixed(2)} (one change per record would be billed as 5 KB: $${loose.total.toFixed(2)})`,
    );
  });

  it("SQS FIFO, with receiving and deleting", () => {
    const units = { sqsFifoRequests: million / 10 };
    const { total } = consumerCost({ ...idle, units, readers: readersOf(units, million / 10) });
    expect(total.toFixed(2)).to.equal(figure("SQS FIFO"));
  });

  it("a replica", () => {
    const { total } = consumerCost({ ...idle, units: { writeUnits: million } });
    expect(total.toFixed(2)).to.equal(figure("replica  "));
  });

  it("and those of Redshift by the day", () => {
    expect(loadCostOfDay({ rpu: 8, interval: 900 }).toFixed(2)).to.equal(figure("a load every 15 minutes"));
    expect(loadCostOfDay({ rpu: 8, interval: 60 }).toFixed(0)).to.equal(figure("for comparison: a load every minute"));
  });

  it("come from pages that can be looked up", () => {
    for (const { page } of Object.values(prices)) expect(page).to.match(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/$/);
  });
});
