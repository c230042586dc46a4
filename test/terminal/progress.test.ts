import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { progressOn } from "../../terminal/progress.ts";

describe("progressOn", () => {
  function stream(isTTY: boolean, columns = 80) {
    const through = new PassThrough();
    const written: string[] = [];
    through.on("data", (chunk) => written.push(String(chunk)));
    return { out: Object.assign(through, { isTTY, columns }) as unknown as NodeJS.WriteStream, written };
  }

  it("writes one plain line when a quick step ends", async () => {
    const { out, written } = stream(false);
    const result = await progressOn(out).step("Counting", async (update) => {
      update("3 of 3");
      return 3;
    });
    expect(result).to.equal(3);
    expect(written.join("")).to.match(/^✔ Counting · 3 of 3 \d\.\d s\n$/);
  });

  it("redraws its line on a terminal", async () => {
    const { out, written } = stream(true);
    await progressOn(out, { TERM: "xterm" }).step("Counting", async () => {});
    const [line = ""] = written;
    expect(line.startsWith("\r\u001b[2K")).to.equal(true);
    expect(line).to.contain("Counting").and.match(/\n$/);
  });

  it("cuts what it redraws to the terminal's width, and shows the whole line at the end", async () => {
    const { out, written } = stream(true, 30);
    const redrawn = Promise.withResolvers<void>();
    out.on("data", () => redrawn.resolve());
    await progressOn(out, { TERM: "xterm" }).step("Waiting until all is delivered", async (update) => {
      update("8115 of 8116 changes");
      await redrawn.promise;
    });
    const lines = written.map((line) => stripVTControlCharacters(line));
    expect(lines[0]).to.match(/^\r {2}Waiting until all is {2}\d\.\d s$/);
    expect(lines[0]!.length - 1).to.equal(29);
    expect(lines.at(-1)).to.contain("8115 of 8116 changes");
  });

  it("takes a terminal that does not say how wide it is for one of the usual width", async () => {
    const { out, written } = stream(true, 0);
    const redrawn = Promise.withResolvers<void>();
    out.on("data", () => redrawn.resolve());
    await progressOn(out, { TERM: "xterm" }).step("x".repeat(100), () => redrawn.promise);
    expect(stripVTControlCharacters(written[0]!)).to.match(/^\r {2}x{71} {1}\d\.\d s$/);
  });

  it("writes plain lines to a terminal that cannot redraw", async () => {
    const { out, written } = stream(true);
    await progressOn(out, { TERM: "dumb" }).step("Counting", () => sleep(300));
    // a machine that stands still for two seconds gets a line of the log besides
    const lines = written.map((line) => stripVTControlCharacters(line));
    expect(lines.join("")).to.match(/^( {2}Counting \d+\.\d s\n)?✔ Counting \d+\.\d s\n$/);
    expect(written.join("")).to.not.contain("\r").and.not.contain("\u001b[2K");
  });

  it("marks a step that failed, and passes the error on", async () => {
    const { out, written } = stream(false);
    const failure = new Error("no");
    const caught = await progressOn(out)
      .step("Counting", () => Promise.reject(failure))
      .catch((error) => error);
    expect(caught).to.equal(failure);
    expect(written.join("")).to.match(/^✘ Counting/);
  });
});
