import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { unpack } from "../../../../local/engine/function/unpack.ts";
import { zip } from "../../../../local/engine/function/zip.ts";
import { UserError } from "../../../../terminal/user-error.ts";

const { AssetArchive, FileArchive, FileAsset, RemoteArchive, RemoteAsset, StringAsset } = pulumi.asset;

describe("a function's code", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "code-"));
    writeFileSync(join(root, "lib.mjs"), "lib");
    mkdirSync(join(root, "folder", "deep"), { recursive: true });
    writeFileSync(join(root, "folder", "deep", "data.json"), "{}");
    writeFileSync(
      join(root, "code.zip"),
      zipSync({ "index.mjs": strToU8("zipped"), empty: {}, lib: { "a.js": strToU8("a") } }),
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** The files that the code consists of, and what is in them. */
  const files = async (code: unknown) => {
    const folder = mkdtempSync(join(root, "unpacked-"));
    await unpack(code, folder, root);
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      found.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [relative(folder, path), readFileSync(path, "utf8")];
      }),
    );
  };
  const zipped = { "index.mjs": "zipped", "lib/a.js": "a" };
  const url = (path: string) => pathToFileURL(join(root, path)).href;

  it("is an archive of texts, files, folders and further archives", async () => {
    const code = new AssetArchive({
      "index.mjs": new StringAsset("index"),
      "lib/lib.mjs": new FileAsset("lib.mjs"),
      "far/lib.mjs": new RemoteAsset(url("lib.mjs")),
      folder: new FileArchive("folder"),
      vendor: new FileArchive("code.zip"),
      "nested/more": new AssetArchive({ "text.txt": new StringAsset("text"), again: new FileArchive("./folder/deep") }),
    });
    expect(await files(code)).to.deep.equal({
      "index.mjs": "index",
      "lib/lib.mjs": "lib",
      "far/lib.mjs": "lib",
      "folder/deep/data.json": "{}",
      "vendor/index.mjs": "zipped",
      "vendor/lib/a.js": "a",
      "nested/more/text.txt": "text",
      "nested/more/again/data.json": "{}",
    });
  });

  it("is a folder", async () => {
    expect(await files(new FileArchive("folder"))).to.deep.equal({ "deep/data.json": "{}" });
  });

  it("is a zip file, on this machine, by path or by URL, as an archive or as an asset", async () => {
    for (const code of [
      new FileArchive("code.zip"),
      new FileArchive(join(root, "code.zip")),
      new RemoteArchive(url("code.zip")),
      new FileAsset("code.zip"),
    ])
      expect(await files(code)).to.deep.equal(zipped);
  });

  it("is the same after it was zipped, and the zip file's bytes depend on the files alone", async () => {
    const bytes = await zip(join(root, "folder"));
    writeFileSync(join(root, "again.zip"), bytes);
    expect(await files(new FileArchive("again.zip"))).to.deep.equal({ "deep/data.json": "{}" });
    expect(await zip(join(root, "folder"))).to.deep.equal(bytes);
  });

  const refused: readonly (readonly [what: string, code: () => unknown, message: RegExp])[] = [
    [
      "lies elsewhere",
      () => new RemoteArchive("https://example.com/code.zip"),
      /^https:\/\/example\.com\/code\.zip lies elsewhere, and nothing is loaded over the network here\. Put a copy/,
    ],
    [
      "has a part that lies elsewhere",
      () => new AssetArchive({ a: new RemoteAsset("http://example.com/a") }),
      /^http:\/\/example\.com\/a lies elsewhere/,
    ],
    [
      "does not exist",
      () => new FileArchive("none"),
      /none does not exist\. Paths in assets are relative to the folder with Pulumi\.yaml\.$/,
    ],
    ["is no archive", () => new FileArchive("lib.mjs"), /lib\.mjs, which is no zip archive/],
    ["is an asset that is no archive", () => new StringAsset("text"), /^`code`: the asset is not a zip archive\.$/],
    ["is damaged", () => new FileArchive("damaged.zip"), /^`code`: .*damaged\.zip cannot be unpacked: /],
    ["is nothing that Pulumi knows", () => "index.js", /^`code` must be an archive/],
    [
      "would lie outside",
      () => new AssetArchive({ "../x": new StringAsset("") }),
      /^`code` has a file outside of itself: \.\.\/x$/,
    ],
    [
      "would lie outside once unpacked",
      () => new FileArchive("evil.zip"),
      /^`code` has a file outside of itself: \.\.\/\.\.\/x$/,
    ],
  ];
  for (const [what, code, message] of refused) {
    it(`is refused when it ${what}`, async () => {
      writeFileSync(join(root, "evil.zip"), zipSync({ "../../x": strToU8("") }));
      writeFileSync(join(root, "damaged.zip"), readFileSync(join(root, "code.zip")).subarray(0, 40));
      const error = await files(code()).catch((reason) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(message);
    });
  }
});
