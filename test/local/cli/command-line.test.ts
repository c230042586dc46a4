import { expect } from "chai";
import { wholeNumber } from "../../../local/cli/command-line.ts";
import { UserError } from "../../../local/user-error.ts";

describe("local/cli/command-line.ts", () => {
  it("reads whole numbers within their bounds", () => {
    const read = (text: string) => wholeNumber("--n", text, [1, 20], "it --help");
    expect(["1", "20", "007"].map(read)).to.deep.equal([1, 20, 7]);
    for (const text of ["", "0", "21", "-1", "1.5", "1e1", " 2", "x"]) {
      expect(() => read(text), text).to.throw(
        UserError,
        `--n ${text}: expected a whole number from 1 to 20.\nSee \`it --help\`.`,
      );
    }
  });
});
