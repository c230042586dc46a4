import { expect } from "chai";
import { parseArguments } from "../../../local/demo/arguments.ts";
import { UsageError } from "../../../terminal/user-error.ts";

describe("parseArguments", () => {
  it("runs the dev stack with all films by default", () => {
    expect(parseArguments([])).to.deep.equal({
      stack: "dev",
      films: 3201,
      seed: 1,
      keep: false,
      json: false,
      trace: false,
      help: false,
    });
  });

  it("takes every option", () => {
    const argv = ["--stack", "prod", "--films", "10", "--seed=7", "--keep", "--json", "--trace", "-h"];
    expect(parseArguments(argv)).to.deep.equal({
      stack: "prod",
      films: 10,
      seed: 7,
      keep: true,
      json: true,
      trace: true,
      help: true,
    });
  });

  for (const [argv, message] of [
    [["--films", "0"], "--films 0: expected a whole number from 1 to 100000."],
    [["--films", "many"], "--films many: expected a whole number from 1 to 100000."],
    [["--seed", "4294967296"], "--seed 4294967296: expected a whole number from 0 to 4294967295."],
    [["--fims", "3"], "Unknown option '--fims'"],
    [["dev"], "Unexpected argument 'dev'"],
  ] as const) {
    it(`refuses ${argv.join(" ")}`, () => {
      expect(() => parseArguments(argv))
        .to.throw(UsageError)
        .with.property("message")
        .that.contains(message)
        .and.contains("npm start -- --help");
    });
  }
});
