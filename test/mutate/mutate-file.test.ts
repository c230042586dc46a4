import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { busyMachine } from "../handlers/call-for.ts";
import { mutateFile } from "./mutate-file.ts";
import { TestProcess } from "./process.ts";
import { root } from "./test-files.ts";
import { typesRefuse } from "./types.ts";

const file = "handlers/core/new-image.ts";
const read = () => readFileSync(join(root, file), "utf8");

describe("testing a mutant", function () {
  this.timeout(busyMachine);
  const { signal } = new AbortController();
  const tests = ["test/handlers/core/errors.test.ts"];
  let process: TestProcess;
  beforeEach(() => {
    process = new TestProcess();
  });
  afterEach(() => process.end());

  const run = (path: string, change: (text: string) => string, limit = busyMachine) => {
    const text = change(readFileSync(join(root, path), "utf8"));
    return process.run({ file: path, text, tests, testLimit: busyMachine }, limit, signal);
  };

  it("says which test fails, passes again without it, and writes no file", async () => {
    const path = "handlers/core/errors.ts";
    const before = readFileSync(join(root, path), "utf8");
    const mutant = (text: string) => text.replace("longestLine = 300", "longestLine = 301");
    for (const _ of [1, 2]) {
      expect(await run(path, mutant)).to.include({ failed: "errors puts an error into one short line" });
      expect(await run(path, (text) => text)).to.include({ failed: null, isProgram: true });
    }
    expect(readFileSync(join(root, path), "utf8")).to.equal(before);
  });

  it("tells what cannot be loaded from what is no program, and what does not end", async () => {
    const path = "handlers/core/errors.ts";
    expect(await run(path, (text) => `${text}\nthrow new Error("at once");`)).to.deep.include({
      ...{ failed: "does not load: Error: at once", isProgram: true },
    });
    expect(await run(path, (text) => `${text}\nconst = 1;`)).to.deep.include({ failed: null, isProgram: false });
    expect(await run(path, (text) => `${text}\nfor (;;);`, 3000)).to.equal("endless");
    expect(process.isFresh).to.equal(true);
    expect(await run(path, (text) => text)).to.include({ failed: null });
  });

  it("knows what the check of types refuses", () => {
    expect(typesRefuse(file, read())).to.equal(false);
    expect(typesRefuse(file, read().replace("undefined", "1"))).to.equal(true);
    expect(typesRefuse(file, read())).to.equal(false);
  });

  it("ends when it is interrupted", async () => {
    const interrupt = new AbortController();
    const reason = new Error("Ctrl-C");
    const options = { jobs: 2, signal: interrupt.signal, onProgress: () => interrupt.abort(reason) };
    const error = await mutateFile("handlers/core/errors.ts", options).catch((one) => one);
    expect(error).to.equal(reason);
  });
});
