import { expect } from "chai";
import { parseArguments, usage } from "../../../local/soak/arguments.ts";
import { helpText } from "../../../terminal/usage.ts";
import { UsageError } from "../../../terminal/user-error.ts";

describe("the soak's arguments", () => {
  it("have defaults", () => {
    expect(parseArguments([])).to.deep.equal({ changes: 200_000, seed: 1, trace: false, help: false });
  });

  it("are all read", () => {
    const argv = "--changes 5000 --seed 7 --trace -h".split(" ");
    expect(parseArguments(argv)).to.deep.equal({ changes: 5_000, seed: 7, trace: true, help: true });
  });

  it("are described, each of them", () => {
    for (const flag of ["changes", "seed", "trace", "help"]) expect(helpText(usage, 120)).to.contain(`  --${flag} `);
  });

  const wrong: readonly (readonly [argv: string[], message: RegExp])[] = [
    [
      ["--changes", "0"],
      /^--changes 0: expected a whole number from 1 to 100000000\.\nSee `npm run soak -- --help`\.$/,
    ],
    [["--seed", "one"], /^--seed one: expected/],
    [["--rounds", "3"], /--rounds/],
    [["more"], /more/],
  ];
  for (const [argv, message] of wrong)
    it(`refuse ${JSON.stringify(argv)}`, () => expect(() => parseArguments(argv)).to.throw(UsageError, message));
});
