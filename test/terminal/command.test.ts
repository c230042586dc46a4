import { expect } from "chai";
import { wholeNumber } from "../../terminal/command.ts";
import { UserError } from "../../terminal/user-error.ts";

describe("terminal/command.ts", () => {
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
