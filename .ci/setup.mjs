// Installs the dependencies where they are missing or older than the lock file, so that `npm start` and `npm test` work in
// a fresh clone. With --omit=dev, for a command that needs no development dependencies, an installation without them
// (`npm ci --omit=dev`) is enough and stays one. Runs on whatever Node npm itself runs on: what it installs includes Node 24.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";

const installed = "node_modules/.package-lock.json";
const isThere = existsSync(installed);
const isCurrent = isThere && statSync(installed).mtimeMs >= statSync("package-lock.json").mtimeMs;
const lacksDev = isThere && !Object.values(JSON.parse(readFileSync(installed, "utf8")).packages).some(({ dev }) => dev);
const needsDev = !process.argv.includes("--omit=dev");
if (!isCurrent || (lacksDev && needsDev)) {
  // Said in full, because npm leaves them out by itself where NODE_ENV is `production`.
  const dev = lacksDev && !needsDev ? "--omit=dev" : "--include=dev";
  process.stderr.write("Installing dependencies (npm ci) ...\n");
  const { status } = spawnSync(`npm ci ${dev} --no-audit --no-fund --loglevel=error`, {
    shell: true,
    stdio: ["ignore", 2, 2],
  });
  process.exitCode = status ?? 1;
}
