import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FunctionFixture, failureOf } from "./fixture.ts";

describe("what surrounds a function's code", () => {
  const functions = new FunctionFixture();

  it("is UTC, whatever this machine's time zone, which comes back when the function ends", async () => {
    const { TZ } = process.env;
    process.env.TZ = "Asia/Tokyo";
    try {
      const one = functions.start(`
        export const handler = () => [new Date(0).getHours(), Intl.DateTimeFormat().resolvedOptions().timeZone, process.env.TZ];`);
      expect((await one.invoke({})).payload).to.deep.equal([0, "UTC", ":UTC"]);
      await one.stop();
      expect([process.env.TZ, new Date(0).getHours()]).to.deep.equal(["Asia/Tokyo", 9]);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it("is the folder of its code, for relative paths of every form", async () => {
    writeFileSync(join(functions.directory, "data.txt"), "mine");
    const one = functions.start(`
      import fs, { existsSync, readFileSync } from "node:fs";
      import { readFile } from "node:fs/promises";
      import { resolve } from "node:path";
      export const handler = async () => {
        fs.copyFileSync("data.txt", "copy.txt");
        fs.renameSync("copy.txt", "moved.txt");
        const streamed = [];
        for await (const chunk of fs.createReadStream("data.txt", "utf8")) streamed.push(chunk);
        const called = await new Promise((done) => fs.readFile("./data.txt", "utf8", (_, text) => done(text)));
        return [process.cwd(), resolve("a"), readFileSync("data.txt", "utf8"), await readFile("data.txt", "utf8"),
          called, streamed.join(), existsSync("copy.txt"), existsSync("moved.txt"), existsSync("package.json")];
      };`);
    const { directory } = functions;
    expect((await one.invoke({})).payload).to.deep.equal([
      directory,
      join(directory, "a"),
      "mine",
      "mine",
      "mine",
      "mine",
      false,
      true,
      false,
    ]);
  });

  it("ends it when a promise is rejected and nobody hears of it", async () => {
    const one = functions.start(`
      let calls = 0;
      export const handler = (event) => {
        calls += 1;
        if (event.stray) return new Promise(() => void Promise.reject(new RangeError("stray")));
        return calls;
      };`);
    expect((await one.invoke({})).payload).to.equal(1);
    const { errorType, errorMessage, trace } = await failureOf(one, { stray: true });
    expect([errorType, errorMessage]).to.deep.equal(["Runtime.UnhandledPromiseRejection", "RangeError: stray"]);
    expect(trace?.join("\n")).to.match(/index\.mjs/);
    expect((await one.invoke({})).payload).to.equal(1);
  });
});
