import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * A folder with a command `docker` that notes how it is called, and no `java`; disposed of with `using`. What it runs
 * passes requests on to an endpoint, or never answers.
 */
export class FakeDocker {
  readonly folder = mkdtempSync(join(tmpdir(), "docker-"));
  readonly #path = process.env.PATH;

  constructor(endpoint?: string) {
    const file = join(this.folder, "docker");
    writeFileSync(file, script(this.folder, endpoint));
    chmodSync(file, 0o755);
  }

  /** Lets this process find no other commands. */
  install(): void {
    process.env.PATH = this.folder;
  }

  /** The arguments of each call so far. */
  get calls(): string[][] {
    const log = join(this.folder, "calls");
    const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return lines.map((line) => JSON.parse(line));
  }

  /** Ends what runs, as if it had crashed. */
  crash(): void {
    process.kill(Number(readFileSync(join(this.folder, "pid"), "utf8")), "SIGKILL");
  }

  [Symbol.dispose](): void {
    if (process.env.PATH?.split(delimiter).includes(this.folder)) process.env.PATH = this.#path;
    rmSync(this.folder, { recursive: true });
  }
}

function script(folder: string, endpoint: string | undefined): string {
  return `#!${process.execPath}
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { createServer, request } = require("node:http");
const folder = ${JSON.stringify(folder)};
const args = process.argv.slice(2);
appendFileSync(folder + "/calls", JSON.stringify(args) + "\\n");
if (args[0] === "run") {
  writeFileSync(folder + "/pid", String(process.pid));
  const [address, port] = args[args.indexOf("--publish") + 1].split(":");
  createServer((incoming, response) => {
    const endpoint = ${JSON.stringify(endpoint ?? "")};
    if (endpoint === "") return;
    const { method, headers } = incoming;
    incoming.pipe(request(new URL(incoming.url, endpoint), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    }));
  }).listen(Number(port), address);
} else if (args[0] === "rm") {
  try { process.kill(Number(readFileSync(folder + "/pid")), "SIGKILL"); } catch {}
}
`;
}
