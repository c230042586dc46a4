import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** What the program and the tools for its stacks are made of. */
const program = [
  ...["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json", "index.ts"],
  ...["infra", "handlers", "operate", "terminal"],
];

/** A copy of the program in a folder of its own, to change and to run; disposed of with `using`. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "fanout-checkout-"));

  constructor(parts: readonly string[] = program) {
    for (const part of parts) this.copy(part);
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

  /** The text of every file, by its path. */
  files(): ReadonlyMap<string, string> {
    const all = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    const paths = all.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return new Map(paths.map((path) => [path.slice(this.folder.length + 1), readFileSync(path, "utf8")]));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
