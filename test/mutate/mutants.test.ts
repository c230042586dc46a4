import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { numbersWithoutUnit } from "../support/units.ts";
import { accepted } from "./accepted.ts";
import { parseArguments } from "./arguments.ts";
import { mutantsOf } from "./mutants.ts";
import { asJson, report, resultUnits, shareOf } from "./report.ts";
import { root, subjectFiles, testFilesOf } from "./test-files.ts";

const changes = (text: string) => mutantsOf(text).map(({ before, after }) => `${before} -> ${after}`);

describe("mutants", () => {
  it("mistake an operator, a condition, a value and a method, and leave out a call's last argument", () => {
    expect(changes("const a = b < 3 && !c;")).to.deep.equal([
      ...["&& -> ||", "< -> <=", "< -> >=", "3 -> 4", "!c -> c"],
    ]);
    expect(changes("if (a) b(1000);")).to.deep.equal(["a -> true", "a -> false", "b(1000); -> ;", "1000 -> 2000"]);
    expect(changes("const a = Math.min(x.slice(y), f({ a: true }));")).to.deep.equal([
      ...["min -> max", "f({ a: true }) -> undefined", "x.slice(y) -> x", "{ a: true } -> undefined"],
      ...["{ a: true } -> {}", "true -> false"],
    ]);
    expect(changes('const a = new A(x, y); const b = ["c"]; d++;')).to.deep.equal([
      ...["new A(x, y) -> new A(x)", '["c"] -> []', '"c" -> ""', "d++; -> ;", "d++ -> d--"],
    ]);
  });

  it("leave types, imports and the messages of errors alone", () => {
    expect(changes('import a from "a"; type B = "b" | 1; interface C { d: "e" }; export * from "f";')).to.deep.equal(
      [],
    );
    expect(changes("throw new Error(`no`, 1);")).to.deep.equal(["1 -> 2"]);
  });

  it("are whole files with one mistake, and say in which line", () => {
    const [one, ...none] = mutantsOf("const a = 1;\nconst b = a * a;\n").slice(1);
    expect(one).to.deep.equal({
      line: 2,
      code: "const b = a * a;",
      before: "*",
      after: "/",
      text: "const a = 1;\nconst b = a / a;\n",
    });
    expect(none).to.deep.equal([]);
  });

  it("are tested by the tests that import the file, the nearest first", () => {
    expect(testFilesOf("handlers/core/outcome.ts")[0]).to.equal("test/handlers/core/outcome.test.ts");
    expect(testFilesOf("handlers/core/errors.ts")).to.not.include("test/handlers/kinds/sqs.test.ts");
    expect(testFilesOf("handlers/kinds/sqs.ts")).to.include("test/handlers/kinds/sqs.test.ts");
    const bare = subjectFiles().filter((file) => testFilesOf(file).length === 0);
    expect(bare.flatMap((file) => mutantsOf(readFileSync(join(root, file), "utf8")))).to.deep.equal([]);
  });

  it("that are accepted exist", () => {
    const gone = accepted.filter(
      ({ file, code, before, after }) =>
        !mutantsOf(readFileSync(join(root, file), "utf8")).some(
          (one) => one.code === code && one.before === before && one.after === after,
        ),
    );
    expect(gone).to.deep.equal([]);
  });
});

describe("the report of mutants", () => {
  const [mutant] = mutantsOf("const a = b < c;");
  const result = (file: string, failed: number, survivors: number) => ({
    ...{ file, tests: 2, failed, endless: 1, refused: 1, survivors: Array(survivors).fill(mutant) },
  });

  it("has the share of each file and of all, and what was changed where nobody has seen it", () => {
    const lines = report([result("a.ts", 7, 1), result("b.ts", 8, 0)], 120).split("\n");
    expect(lines.map((line) => line.split(/ {2,}/))).to.deep.equal([
      ["file", "tests", "mutants", "killed", "survived", "share"],
      ["----", "-----", "-------", "------", "--------", "-------"],
      ["a.ts", "2", "10", "9", "1", "90.0 %"],
      ["b.ts", "2", "10", "10", "0", "100.0 %"],
      ["all", "20", "19", "1", "95.0 %"],
      [""],
      ["1 survivor:"],
      ["", "a.ts:1", "<", "->", "<="],
    ]);
  });

  it("is fine from 90 % on", () => {
    expect(asJson([result("a.ts", 7, 1)])).to.include({ ok: true, share: 0.9, killed: 9, survived: 1, all: 10 });
    expect(asJson([result("a.ts", 87, 10)])).to.include({ ok: false });
    expect(numbersWithoutUnit(asJson([result("a.ts", 7, 1)]), resultUnits)).to.deep.equal([]);
    expect(shareOf([])).to.equal(1);
  });

  it("is about the files and folders that are named", () => {
    expect(parseArguments([]).files).to.deep.equal(subjectFiles());
    expect(parseArguments(["handlers/core/outcome.ts", "--jobs", "3", "--json"])).to.deep.equal({
      ...{ files: ["handlers/core/outcome.ts"], jobs: 3, json: true, trace: false, help: false },
    });
    expect(parseArguments(["./handlers/messages/"]).files).to.include("handlers/messages/sending.ts");
    expect(() => parseArguments(["infra"])).to.throw("infra: no file of handlers/ or of the mapping's decisions.");
  });
});
