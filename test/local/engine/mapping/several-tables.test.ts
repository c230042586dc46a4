import { expect } from "chai";
import type { Checkpoints } from "../../../../local/engine/mapping/checkpoint.ts";
import { StreamReader } from "../../../../operate/compare/stream.ts";
import { recordingFunction } from "./support/function.ts";
import { type MappingOnTable, mappingOnTable } from "./support/mapping-on-table.ts";
import { newTable, type Table } from "./support/table.ts";

/** DynamoDB Local numbers the records of all tables together, and refuses an iterator that it gave for an empty shard once a later number is there. */
describe("a mapping on one of several tables of DynamoDB Local", () => {
  let on: MappingOnTable;
  let other: Table;
  beforeEach(async () => {
    on = await mappingOnTable();
    other = await newTable();
  });
  afterEach(async () => {
    await on.close();
    other.close();
  });

  for (const startingPosition of ["TRIM_HORIZON", "LATEST"]) {
    it(`tells of no loss where there is none, from ${startingPosition} on`, async () => {
      const problems: string[] = [];
      const consumer = recordingFunction();
      const checkpoints: Checkpoints = new Map();
      const onProblem = ({ message }: Error) => problems.push(message);
      const start = () => on.start({ startingPosition }, { invoke: consumer.invoke, onProblem, checkpoints });
      const first = start();
      await first.idle();
      await other.putAll(["x", "y"]);
      await first.idle();
      await first.stop();
      await on.table.putAll(["a"]);
      const second = start();
      await second.idle();
      await other.putAll(["z"]);
      await on.table.putAll(["b", "c"]);
      await second.idle();
      expect(consumer.accepted()).to.deep.equal(["a", "b", "c"]);
      expect(problems).to.deep.equal([]);
    });
  }

  it("has a stream that those read on who found it empty before", async () => {
    const reader = new StreamReader(on.table.streams, on.table.streamArn);
    expect(await reader.next()).to.deep.equal([]);
    await other.putAll(["x", "y"]);
    await on.table.putAll(["a"]);
    expect((await reader.next()).map(({ record }) => record.dynamodb?.Keys?.id?.S)).to.deep.equal(["a"]);
    expect(await reader.next()).to.deep.equal([]);
  });
});
