import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { progressOn } from "../../terminal/progress.ts";

describe("progressOn", () => {
  let folder: string;
  const opened: number[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "progress-"));
  });
  afterEach(() => {
    for (const fd of opened.splice(0)) closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  /** A stream that passes for a terminal or a file, and what has been written to it so far. */
  function stream(isTTY: boolean, columns = 80) {
    const file = join(folder, "written");
    const fd = openSync(file, "a");
    opened.push(fd);
    const writable = new Writable({ decodeStrings: false, write: (text, _, done) => done(void writeSync(fd, text)) });
    const out = Object.assign(writable, { fd, isTTY, columns }) as unknown as NodeJS.WriteStream & { fd: number };
    const written = () => readFileSync(file, "utf8");
    /** Keeps this thread busy until something has been written; gives up after a minute. */
    const busyUntil = (isThere: (text: string) => boolean) => {
      const end = performance.now() + 60_000;
      while (!isThere(written())) if (performance.now() > end) throw new Error(`no such drawing:\n${written()}`);
    };
    return { out, written, busyUntil };
  }
  const plain = (text: string) => stripVTControlCharacters(text);

  it("writes one plain line when a quick step ends", async () => {
    const { out, written } = stream(false);
    const result = await progressOn(out).step("Counting", async (update) => {
      update("3 of 3");
      return 3;
    });
    expect(result).to.equal(3);
    expect(plain(written())).to.match(/^✔ Counting · 3 of 3 \d\.\d s\n$/);
  });

  it("redraws its line on a terminal", async () => {
    const { out, written } = stream(true);
    await progressOn(out, { TERM: "xterm" }).step("Counting", async () => {});
    expect(written().startsWith("\r\u001b[2K")).to.equal(true);
    expect(written()).to.contain("Counting").and.match(/\n$/);
  });

  it("moves on a terminal while this thread is busy", async () => {
    const { out, busyUntil } = stream(true);
    await progressOn(out, { TERM: "xterm" }).step("Counting", async (update) => {
      update("some");
      busyUntil((text) => new Set(plain(text).match(/Counting · some \d+\.\d s/g)).size >= 3);
    });
  });

  it("moves in a log while this thread is busy", async () => {
    const { out, written, busyUntil } = stream(false);
    await progressOn(out, {}).step("Counting", async (update) => {
      update("some");
      busyUntil((text) => text !== "");
    });
    expect(plain(written())).to.match(/^ {2}Counting · some 2\.\d s\n✔ Counting · some \d+\.\d s\n$/);
  });

  it("draws nothing of a step that has ended", async () => {
    const { out, written, busyUntil } = stream(true);
    const progress = progressOn(out, { TERM: "xterm" });
    await progress.step("First", async () => busyUntil((text) => text.includes("First")));
    const [ended] = [written()];
    await progress.step("Second", async () => busyUntil((text) => text.includes("Second")));
    expect(written().slice(ended.length)).to.not.contain("First");
  });

  it("cuts what it redraws to the terminal's width, and shows the whole line at the end", async () => {
    const { out, written, busyUntil } = stream(true, 30);
    await progressOn(out, { TERM: "xterm" }).step("Waiting until all is delivered", async (update) => {
      update("8115 of 8116 changes");
      busyUntil((text) => text !== "");
    });
    const lines = plain(written()).split("\r");
    expect(lines[1]).to.match(/^ {2}Waiting until all is {2}\d\.\d s$/);
    expect(lines[1]!.length).to.equal(29);
    expect(lines.at(-1)).to.contain("8115 of 8116 changes");
  });

  it("takes a terminal that does not say how wide it is for one of the usual width", async () => {
    const { out, written, busyUntil } = stream(true, 0);
    await progressOn(out, { TERM: "xterm" }).step("x".repeat(100), async () => busyUntil((text) => text !== ""));
    expect(plain(written()).split("\r")[1]).to.match(/^ {2}x{71} {1}\d\.\d s$/);
  });

  it("writes plain lines, without any escape, to a terminal that cannot redraw", async () => {
    const { out, written, busyUntil } = stream(true);
    await progressOn(out, { TERM: "dumb", FORCE_COLOR: "3" }).step("Counting", async () =>
      busyUntil((text) => text !== ""),
    );
    expect(written()).to.match(/^ {2}Counting 2\.\d s\n✔ Counting \d+\.\d s\n$/);
  });

  it("marks a step that failed, and passes the error on", async () => {
    const { out, written } = stream(false);
    const failure = new Error("no");
    const caught = await progressOn(out)
      .step("Counting", () => Promise.reject(failure))
      .catch((error) => error);
    expect(caught).to.equal(failure);
    expect(plain(written())).to.match(/^✘ Counting/);
  });
});
