import { expect } from "chai";
import { suggest } from "../../../infra/settings/suggest.ts";

const names = ["batchSize", "mapping.memorySize", "fifo", "timeout", "redshift"];

describe("a suggestion", () => {
  for (const [word, meant] of [
    ["batchsize", "batchSize"],
    ["bacthSize", "batchSize"],
    ["memory", "mapping.memorySize"],
    ["memorySize", "mapping.memorySize"],
    ["fifoo", "fifo"],
    ["Redshift", "redshift"],
    ["timeouts", "timeout"],
  ] as const)
    it(`for ${word} is ${meant}`, () => {
      expect(suggest(word, names)).to.equal(meant);
    });

  for (const word of ["colour", "to", "", "size"])
    it(`for ${JSON.stringify(word)} is none`, () => {
      expect(suggest(word, names)).to.equal(undefined);
    });
});
