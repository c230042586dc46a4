import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { bucketArn } from "../aws.ts";
import { bytesOf, isAsset, unpack } from "../function/unpack.ts";
import { zip } from "../function/zip.ts";
import { engine } from "../gateway/service-call.ts";
import { accept, idOf, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";

type ObjectArgs = pulumi.Unwrap<aws.s3.BucketObjectv2Args>;

/** The headers that an object is stored with, by the arguments that set them. */
const headers = {
  cacheControl: "CacheControl",
  contentDisposition: "ContentDisposition",
  contentEncoding: "ContentEncoding",
  contentLanguage: "ContentLanguage",
  contentType: "ContentType",
} as const satisfies Partial<Record<keyof ObjectArgs, string>>;

const named = Object.keys(headers) as (keyof typeof headers)[];

/** An object that the program puts into a bucket. */
export const bucketObject: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.s3.BucketObjectv2Args>(registration, {
      used: ["bucket", "content", "contentBase64", "key", "metadata", "source", ...named],
      ignored: [
        "acl",
        "bucketKeyEnabled",
        "checksumAlgorithm",
        "etag",
        "forceDestroy",
        "kmsKeyId",
        "overrideProvider",
        "serverSideEncryption",
        "sourceHash",
        "storageClass",
        "tags",
      ],
    });
    const Bucket = await idOf(args.bucket, "bucket");
    const Key = args.key ?? registration.name;
    const given = Object.fromEntries(named.map((name) => [headers[name], args[name]]));
    const { s3 } = world.clientsAs(engine, registration.region);
    const Body = await contentOf(args, world);
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: args.metadata, ...given }));
    return {
      id: Key,
      outputs: { bucket: Bucket, key: Key, arn: bucketArn(Bucket, Key), etag: ETag?.replaceAll('"', "") },
    };
  },
};

async function contentOf(args: ObjectArgs, world: World): Promise<Uint8Array> {
  const { content, contentBase64, source } = args;
  if ([content, contentBase64, source].filter((one) => one !== undefined).length > 1)
    throw new UserError("`source`, `content` and `contentBase64` exclude each other: leave all but one of them out.");
  if (source === undefined)
    return contentBase64 === undefined ? Buffer.from(content ?? "") : Buffer.from(contentBase64, "base64");
  return isAsset(source) ? bytesOf(source, world.root) : archived(source, world);
}

/** An archive becomes one object: a zip file. */
async function archived(source: unknown, world: World): Promise<Uint8Array> {
  const folder = await mkdtemp(join(await world.folder(), "object-"));
  try {
    await unpack(source, folder, world.root);
    return await zip(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
