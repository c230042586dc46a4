import { expect } from "chai";
import fc from "fast-check";
import { statements, tokens } from "../../../../local/engine/redshift/tokens.ts";

const kinds = (sql: string) =>
  tokens(sql)
    .filter(({ kind }) => kind !== "space")
    .map(({ kind, source }) => `${kind} ${source}`);

describe("tokens", () => {
  it("keeps literals, quoted names, comments and bodies whole", () => {
    expect(
      kinds(`SELECT 'it''s; "x"', "a""b;", $$ 'super'; $$, $f$ $$ ; $f$, E'\\';' -- super;\n, 1.5e3`),
    ).to.deep.equal([
      "word SELECT",
      `text 'it''s; "x"'`,
      "symbol ,",
      `name "a""b;"`,
      "symbol ,",
      "text $$ 'super'; $$",
      "symbol ,",
      "text $f$ $$ ; $f$",
      "symbol ,",
      "text E'\\';'",
      "symbol ,",
      "number 1.5e3",
    ]);
  });

  it("knows nested comments, parameters and casts", () => {
    expect(kinds("a /* x /* ; */ y */ ::super = $1 || 'b'")).to.deep.equal([
      "word a",
      "symbol ::",
      "word super",
      "symbol =",
      "symbol $1",
      "symbol ||",
      "text 'b'",
    ]);
  });

  it("takes what never ends for one piece, for the database to complain about", () => {
    expect(kinds("a /* b /* c */")).to.deep.equal(["word a", "symbol /* b /* c */"]);
  });

  it("cuts a script at its semicolons only", () => {
    expect(
      statements("a ';' ; ; -- c;\n b $$;$$ ;").map((each) =>
        each
          .map(({ source }) => source)
          .join("")
          .trim(),
      ),
    ).to.deep.equal(["a ';'", "-- c;\n b $$;$$"]);
  });

  it("loses nothing of any text", () => {
    const sqlish = fc.string({
      unit: fc.constantFrom("'", '"', "$", "a", " ", "\n", "-", "/", "*", ";", "\\", "1", "e", ":", "é"),
    });
    fc.assert(
      fc.property(
        sqlish,
        (sql) =>
          tokens(sql)
            .map(({ source }) => source)
            .join("") === sql,
      ),
    );
  });
});
