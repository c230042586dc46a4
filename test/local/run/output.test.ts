import { expect } from "chai";
import type { Engine } from "../../../local/engine/engine.ts";
import { type CreatedResource, welcome } from "../../../local/run/output.ts";

describe("what is told of a program that runs", () => {
  const url = `http://127.0.0.1:41129/000000000000/${"long-".repeat(9)}queue.fifo`;
  const queue: CreatedResource = {
    kind: "resource",
    type: "aws:sqs/queue:Queue",
    name: "a-queue-with-a-long-name",
    id: url,
  };
  const engine = {
    outputs: { url },
    environment: { AWS_REGION: "us-east-1" },
    mappings: new Map(),
  } as unknown as Engine;

  for (const width of [50, 80, 120])
    it(`has a table that fits ${width} columns, and whole beside it what is to be copied`, () => {
      const text = welcome([queue], engine, width);
      const table = text.slice(0, text.indexOf("Outputs:"));
      for (const line of table.split("\n")) expect(line.length, line).to.be.at.most(width);
      expect(table.replace(/\s/g, "")).to.contain("a-queue-with-a-long-name");
      expect(text).to.contain(`"url": "${url}"`);
    });

  it("has a row for each resource where there is room", () => {
    expect(welcome([queue], engine, Number.POSITIVE_INFINITY)).to.contain(`queue  a-queue-with-a-long-name  ${url}\n`);
  });
});
