import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacks } from "./stacks.ts";

const root = join(import.meta.dirname, "../..");

/** What the program and the tools for its stacks are made of. */
const program = ["package.json", "tsconfig.json", "main.js", "index.ts", "infra", "handlers", "operate", "terminal"];

/** A copy of the program with the tests' stack files, in a folder of its own, to change and to run; disposed of with `using`. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "fanout-checkout-"));

  constructor(parts: readonly string[] = program) {
    for (const part of parts) this.copy(part);
    cpSync(stacks.root, this.folder, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "dir");
  }

  /** A copy of everything that belongs to the repository. */
  static whole(): Checkout {
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
    return new Checkout(listed.split("\n").filter((path) => path !== "" && existsSync(join(root, path))));
  }

  /** Copies one more file or folder of the repository. */
  copy(path: string): void {
    cpSync(join(root, path), join(this.folder, path), { recursive: true });
  }

  /** The text of every file, by its path; the packages are left out. */
  files(): ReadonlyMap<string, string> {
    const parts = readdirSync(this.folder).filter((name) => name !== "node_modules");
    const all = parts.flatMap((part) => [part, ...filesBelow(join(this.folder, part)).map((path) => join(part, path))]);
    const paths = all.filter((path) => statSync(join(this.folder, path)).isFile());
    return new Map(paths.map((path) => [path, readFileSync(join(this.folder, path), "utf8")]));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

function filesBelow(path: string): readonly string[] {
  return statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: "utf8" }) : [];
}
