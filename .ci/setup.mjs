// Installs the dependencies where they are missing or older than the lock file, so that `npm start` and
// `npm test` work in a fresh clone. Runs on whatever Node npm itself runs on: what it installs includes Node 24.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const installed = "node_modules/.package-lock.json";
const current = existsSync(installed) && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs;
if (!current) {
  process.stderr.write("Installing dependencies (npm ci) ...\n");
  const { status } = spawnSync("npm ci --no-audit --no-fund --loglevel=error", {
    shell: true,
    stdio: ["ignore", 2, 2],
  });
  process.exitCode = status ?? 1;
}
