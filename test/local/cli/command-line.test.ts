import { expect } from "chai";
import { wholeNumber } from "../../../local/cli/command-line.ts";
import { help, parseArguments } from "../../../local/soak/arguments.ts";
import { UserError } from "../../../local/user-error.ts";

describe("local/cli/command-line.ts", () => {
  it("reads whole numbers within their bounds", () => {
    const read = (text: string) => wholeNumber("--n", text, { least: 1, most: 20 }, "it --help");
    expect(["1", "20", "007"].map(read)).to.deep.equal([1, 20, 7]);
    for (const text of ["", "0", "21", "-1", "1.5", "1e1", " 2", "x"]) {
      expect(() => read(text), text).to.throw(
        UserError,
        `--n ${text}: expected a whole number from 1 to 20.\nSee \`it --help\`.`,
      );
    }
  });

  it("reads what the soak is asked to do", () => {
    expect(parseArguments([])).to.deep.equal({ changes: 200_000, seed: 1, trace: false, help: false });
    expect(parseArguments(["--changes", "10", "--seed", "7", "--trace", "-h"])).to.deep.equal({
      ...{ changes: 10, seed: 7, trace: true, help: true },
    });
    expect(() => parseArguments(["--changes", "0"])).to.throw(
      UserError,
      /^--changes 0: .*\nSee `npm run soak -- --help`/,
    );
    for (const option of ["changes", "seed", "trace", "help"]) expect(help).to.contain(`  --${option} `);
  });
});
