import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { UserError } from "../../../terminal/user-error.ts";

/** Whether bytes are a zip archive, going by how they begin: with an entry, or with the end of an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * Writes what a zip archive holds to a folder. Files get the rights that new files have here, not those of the archive.
 * @param where what the archive is called in an error
 */
export async function unzip(bytes: Uint8Array, folder: string, where: string): Promise<void> {
  if (!isZip(bytes)) throw new UserError(`\`code\`: ${where} is not a zip archive.`);
  for (const [entry, content] of Object.entries(unpacked(bytes, where))) {
    const path = inside(folder, entry);
    await mkdir(entry.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!entry.endsWith("/")) await writeFile(path, content);
  }
}

/** A folder's files as a zip archive, the same bytes for the same files. */
export async function zip(folder: string): Promise<Uint8Array> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const contents = await Promise.all(
    files.sort().map(async (file) => [relative(folder, file).split(sep).join("/"), await readFile(file)] as const),
  );
  return zipSync(Object.fromEntries(contents), { mtime: earliest });
}

/** The first time that a zip archive can say, in any time zone. */
const earliest = new Date(1980, 0, 1);

function unpacked(bytes: Uint8Array, where: string): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes);
  } catch (error) {
    throw new UserError(`\`code\`: ${where} cannot be unpacked: ${(error as Error).message}.`, { cause: error });
  }
}

/** The path of an archive's entry in the folder that the archive is unpacked to; an entry that would lie elsewhere is refused. */
export function inside(folder: string, entry: string): string {
  const path = join(folder, entry);
  const fromFolder = relative(folder, path);
  if (fromFolder.split(/[\\/]/)[0] === ".." || isAbsolute(fromFolder))
    throw new UserError(`\`code\` has a file outside of itself: ${entry}`);
  return path;
}
