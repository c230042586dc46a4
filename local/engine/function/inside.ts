import { isAbsolute, join, relative } from "node:path";
import { UserError } from "../../../terminal/user-error.ts";

/** The path of an archive's entry in the folder that the archive is unpacked to; an entry that would lie elsewhere is refused. */
export function inside(folder: string, entry: string): string {
  const path = join(folder, entry);
  const way = relative(folder, path);
  if (way.split(/[\\/]/)[0] === ".." || isAbsolute(way))
    throw new UserError(`\`code\` has a file outside of itself: ${entry}`);
  return path;
}
