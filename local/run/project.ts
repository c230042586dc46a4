import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../terminal/user-error.ts";

/** A program's file and the folder of its project: the nearest one above it that has a Pulumi.yaml. */
export function projectOf(program: string, from: string): { readonly root: string; readonly file: string } {
  const file = resolve(from, program);
  if (!existsSync(file)) throw new UserError(`The program ${file} does not exist.`);
  for (let root = dirname(file); ; root = dirname(root)) {
    if (existsSync(join(root, "Pulumi.yaml"))) return { root, file };
    if (root === dirname(root)) {
      throw new UserError(
        `There is no Pulumi.yaml in ${dirname(file)} or above it. A Pulumi project has one at its top level; two lines are enough:\n  name: my-project\n  runtime: nodejs`,
      );
    }
  }
}
