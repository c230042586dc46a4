import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../../terminal/user-error.ts";

/** The program's file, by its path relative to the project's folder. */
export function programFile(root: string, program: string): string {
  const path = resolve(root, program);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`The program ${path} does not exist.`);
  if (!found.isFile()) throw new UserError(`The program ${path} is a folder. Name the file, such as index.ts in it.`);
  return realpathSync(path);
}
