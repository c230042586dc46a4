import { expect } from "chai";
import { parseArguments, usage } from "../../../operate/redrive/arguments.ts";
import { helpText } from "../../../terminal/usage.ts";
import { UsageError } from "../../../terminal/user-error.ts";

describe("the redrive's arguments", () => {
  it("have defaults, but for the stack", () => {
    expect(parseArguments(["--stack", "prod"])).to.deep.equal({
      ...{ stack: "prod", local: false, discard: [], dryRun: false, json: false, trace: false, help: false },
    });
  });

  it("are all read", () => {
    const argv =
      "--stack dev --local --destination copy --dry-run --discard 1 --discard 2 --discard 1 --json --trace -h".split(
        " ",
      );
    expect(parseArguments(argv)).to.deep.equal({
      ...{ stack: "dev", local: true, destination: "copy", discard: ["1", "2"], dryRun: true },
      ...{ json: true, trace: true, help: true },
    });
  });

  it("are described, each of them", () => {
    for (const flag of ["stack", "local", "destination", "dry-run", "discard", "json", "trace", "help"])
      expect(helpText(usage, 120)).to.contain(`  --${flag} `);
  });

  const wrong: readonly (readonly [argv: string[], message: RegExp])[] = [
    [[], /^--stack is missing: which stack\?\nSee `npm run redrive -- --help`\.$/],
    [["--stack"], /--stack/],
    [["--stack", "dev", "--force"], /--force/],
    [["--stack", "dev", "more"], /more/],
  ];
  for (const [argv, message] of wrong)
    it(`refuse ${JSON.stringify(argv)}`, () => expect(() => parseArguments(argv)).to.throw(UsageError, message));

  it("need no stack to show the help", () => expect(parseArguments(["--help"]).help).to.equal(true));
});
