import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { announced, announcementPlace, running } from "../../../operate/stack/running.ts";
import { UserError } from "../../../terminal/user-error.ts";

describe("a stack that runs on this machine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "running-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const stack = { region: "r", outputs: { a: 1 }, environment: { AWS_ACCESS_KEY_ID: "key" } };
  const files = () => readdirSync(join(folder, ".running"));

  it("tells nobody but its user, and not before it is up", () => {
    const place = announcementPlace("my/stack", folder);
    const [file, ...others] = files();
    expect(others).to.deep.equal([]);
    expect(statSync(join(folder, ".running", file!)).mode & 0o777).to.equal(0o600);
    expect(announced("my/stack", folder)).to.deep.equal([]);
    place.announce(stack);
    expect(announced("my/stack", folder)).to.deep.equal([{ pid: process.pid, ...stack }]);
    expect(announced("my", folder)).to.deep.equal([]);
    expect(statSync(join(folder, ".running", file!)).mode & 0o777).to.equal(0o600);
    place.withdraw();
    place.withdraw();
    expect(files()).to.deep.equal([]);
  });

  it("tells of itself beside a second one of the same name, which takes nothing from it", () => {
    const [first, second] = [announcementPlace("dev", folder), announcementPlace("dev", folder)];
    first.announce(stack);
    second.announce({ ...stack, region: "s" });
    expect(announced("dev", folder).map(({ region }) => region)).to.have.members(["r", "s"]);
    expect(() => running("dev", folder)).to.throw(
      UserError,
      `Stack dev runs 2 times on this machine, in the processes ${process.pid} and ${process.pid}, so it is not clear which one is meant. End all but one with Ctrl-C, and try again.`,
    );
    second.withdraw();
    expect(announced("dev", folder).map(({ region }) => region)).to.deep.equal(["r"]);
    first.withdraw();
    expect(() => running("dev", folder)).to.throw(UserError, /^No stack dev runs on this machine\./);
  });

  it("is known to have ended, whatever it has left", () => {
    mkdirSync(join(folder, ".running"));
    const pid = 2 ** 30; // more than any system gives
    writeFileSync(join(folder, ".running", "dev@old.json"), JSON.stringify({ pid, ...stack }));
    expect(announced("dev", folder)).to.deep.equal([]);
  });

  it("is refused before it is brought up where it cannot tell of itself", () => {
    writeFileSync(join(folder, ".running"), "");
    expect(() => announcementPlace("dev", folder)).to.throw(
      UserError,
      /^A stack that is left running tells of itself in \S+\/\.running, which cannot be written: EEXIST/,
    );
  });

  for (const end of [
    "process.exit()",
    'process.kill(process.pid, "SIGKILL")',
    'process.kill(process.pid, "SIGTERM")',
  ]) {
    it(`leaves nothing when it ends by ${end}`, async () => {
      const script = `import { announcementPlace } from ${JSON.stringify(resolve("operate/stack/running.ts"))};
        announcementPlace("dev", ${JSON.stringify(folder)}).announce({}); console.log("told"); ${end}; setInterval(() => {}, 1000);`;
      const args = ["--input-type=module", "--eval", script];
      // Over when nobody holds the child's stderr any more: neither itself nor who cleans up after it.
      const stdout = await new Promise((done) => execFile(process.execPath, args, (_, text) => done(text)));
      expect(stdout).to.equal("told\n");
      expect(files()).to.deep.equal([]);
    });
  }
});
