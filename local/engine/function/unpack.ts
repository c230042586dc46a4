import { cp, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { inside, isZip, unzip } from "./zip.ts";

const { asset } = pulumi;

/** Writes an archive, such as a function's `code`, to a folder: the very files that would be deployed. Paths are relative to `root`. */
export async function unpack(code: unknown, folder: string, root: string): Promise<void> {
  if (code instanceof asset.AssetArchive) {
    await mkdir(folder, { recursive: true });
    const parts = Object.entries(await code.assets);
    await Promise.all(parts.map(([name, part]) => writePart(part, inside(folder, name), root)));
  } else if (code instanceof asset.FileArchive) {
    await unpackFile(resolve(root, await code.path), folder);
  } else if (code instanceof asset.RemoteArchive) {
    await unpackFile(pathOf(await code.uri), folder);
  } else if (isAsset(code)) {
    // Lambda takes a zip archive's bytes, whatever the program calls them.
    await unzip(await bytesOf(code, root), folder, "the asset");
  } else {
    throw new UserError("`code` must be an archive: a `pulumi.asset.AssetArchive` or a `pulumi.asset.FileArchive`.");
  }
}

/** The bytes of an asset, or of an archive as a file. */
export async function bytesOf(part: unknown, root: string): Promise<Uint8Array> {
  if (part instanceof asset.StringAsset) return Buffer.from(await part.text);
  if (part instanceof asset.FileAsset) return readFile(await existing(resolve(root, await part.path)));
  if (part instanceof asset.RemoteAsset) return readFile(await existing(pathOf(await part.uri)));
  throw new UserError("this is neither a `pulumi.asset.StringAsset` nor a `pulumi.asset.FileAsset`.");
}

/** Whether something is the content of one file. */
export function isAsset(part: unknown): boolean {
  return [asset.StringAsset, asset.FileAsset, asset.RemoteAsset].some((kind) => part instanceof kind);
}

/** In an archive, an asset is a file and an archive is a folder. */
async function writePart(part: unknown, path: string, root: string): Promise<void> {
  if (!isAsset(part)) return unpack(part, path, root);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await bytesOf(part, root));
}

/** Copies a folder, or unpacks an archive's file. */
async function unpackFile(source: string, folder: string): Promise<void> {
  if ((await stat(await existing(source))).isDirectory()) {
    await cp(source, folder, { recursive: true });
    return;
  }
  const bytes = await readFile(source);
  if (!isZip(bytes)) {
    throw new UserError(
      `\`code\` is the file ${source}, which is no zip archive: only folders and zip archives can be unpacked here.`,
    );
  }
  await unzip(bytes, folder, source);
}

async function existing(path: string): Promise<string> {
  try {
    await stat(path);
  } catch (error) {
    throw new UserError(`${path} does not exist. Paths in assets are relative to the folder with Pulumi.yaml.`, {
      cause: error,
    });
  }
  return path;
}

/** Only what lies on this machine already: nothing is loaded over the network. */
function pathOf(uri: string): string {
  if (uri.startsWith("file://")) return fileURLToPath(uri);
  throw new UserError(
    `${uri} lies elsewhere, and nothing is loaded over the network here. Put a copy beside the program, and use a \`FileArchive\` or a \`FileAsset\`.`,
  );
}
