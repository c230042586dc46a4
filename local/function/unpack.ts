import { cp, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../user-error.ts";

/** Writes a function's `code` to a folder, the very bytes that would be deployed. Paths in assets are relative to `root`. */
export async function unpack(code: unknown, folder: string, root: string): Promise<void> {
  const { asset } = pulumi;
  if (code instanceof asset.AssetArchive) {
    const parts = Object.entries(await code.assets);
    await Promise.all(parts.map(([name, part]) => unpack(part, inside(folder, name), root)));
  } else if (code instanceof asset.StringAsset) {
    await write(folder, await code.text);
  } else if (code instanceof asset.FileAsset) {
    await copy(resolve(root, await code.path), folder);
  } else if (code instanceof asset.FileArchive) {
    const source = resolve(root, await code.path);
    if (!(await stat(source)).isDirectory()) {
      throw new UserError(
        `\`code\` is the archive file ${source}, which cannot be unpacked here yet. Give the folder that it is made from: \`new pulumi.asset.FileArchive(folder)\`.`,
      );
    }
    await copy(source, folder);
  } else {
    throw new UserError(
      "`code` must be a `pulumi.asset.AssetArchive` or a `FileArchive` of a folder: code that lies elsewhere cannot run here.",
    );
  }
}

function inside(folder: string, name: string): string {
  const path = join(folder, name);
  if (relative(folder, path).startsWith("..")) throw new UserError(`\`code\` has a file outside of itself: ${name}`);
  return path;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}
