import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A copy of the program in a folder of its own, to change and to run; disposed of with `using`. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), "fanout-checkout-"));

  constructor() {
    for (const part of [
      "Pulumi.yaml",
      "Pulumi.dev.yaml",
      "package.json",
      "tsconfig.json",
      "index.ts",
      "infra",
      "handlers",
      "operate",
      "terminal",
    ])
      this.copy(part);
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"), "dir");
  }

  /** Copies one more file or folder of the repository. */
  copy(path: string): void {
    cpSync(join(root, path), join(this.folder, path), { recursive: true });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
