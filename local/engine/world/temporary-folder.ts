import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lazy } from "./lazy.ts";

/** A folder that goes away when it is stopped, or when the process ends without warning. */
export function temporaryFolder(): Lazy<string> {
  let removeNow = () => {};
  return new Lazy(
    async () => {
      const path = await mkdtemp(join(tmpdir(), "fanout-"));
      removeNow = () => rmSync(path, { recursive: true, force: true });
      process.once("exit", removeNow);
      return path;
    },
    async (path) => {
      process.off("exit", removeNow);
      await rm(path, { recursive: true, force: true });
    },
  );
}
