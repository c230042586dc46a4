import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

describe(".ci/setup.mjs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-"));
    writeFileSync(join(folder, "npm"), '#!/bin/sh\necho "npm $*" >&2\n', { mode: 0o755 });
    writeFileSync(join(folder, "package-lock.json"), "{}");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Leaves what npm leaves behind when it has installed something. */
  function install(packages: object, lockAge = 60) {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
    const lockTime = Date.now() / 1000 - lockAge;
    utimesSync(join(folder, "package-lock.json"), lockTime, lockTime);
  }

  /** The options that npm is asked to install with; undefined if it is not asked. */
  function installs(...args: string[]): string | undefined {
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const command = [resolve(".ci/setup.mjs"), ...args];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8" });
    expect(status).to.equal(0);
    return /^npm ci (--(?:omit|include)=dev) /m.exec(stderr)?.[1];
  }

  const all = { "node_modules/zod": {}, "node_modules/mocha": { dev: true } };
  const needed = { "node_modules/zod": {} };

  it("installs everything in a fresh clone, for any command", () => {
    expect([installs(), installs("--omit=dev")]).to.deep.equal(["--include=dev", "--include=dev"]);
  });

  it("leaves alone what is complete", () => {
    install(all);
    expect([installs(), installs("--omit=dev")]).to.deep.equal([undefined, undefined]);
  });

  it("brings what is older than the lock file up to date", () => {
    install(all, -60);
    expect([installs(), installs("--omit=dev")]).to.deep.equal(["--include=dev", "--include=dev"]);
  });

  it("does not insist on development dependencies where the command needs none, and else adds them", () => {
    install(needed);
    expect([installs("--omit=dev"), installs()]).to.deep.equal([undefined, "--include=dev"]);
  });

  it("keeps an installation without development dependencies one as it brings it up to date", () => {
    install(needed, -60);
    expect([installs("--omit=dev"), installs()]).to.deep.equal(["--omit=dev", "--include=dev"]);
  });
});
