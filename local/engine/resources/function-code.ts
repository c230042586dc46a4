import { GetObjectCommand } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { unpack } from "../function/unpack.ts";
import { unzip } from "../function/zip.ts";
import { engine } from "../gateway/service-call.ts";
import type { World } from "../world/world.ts";

type Code = Pick<pulumi.Unwrap<aws.lambda.FunctionArgs>, "code" | "s3Bucket" | "s3Key">;

/** Writes a function's code to a folder: what `code` holds, or an archive in a bucket of the program's. */
export async function placeCode({ code, s3Bucket, s3Key }: Code, folder: string, region: string, world: World) {
  if (code !== undefined && s3Bucket !== undefined)
    throw new UserError("`code` and `s3Bucket` exclude each other: leave one of them out.");
  if (code !== undefined) return unpack(code, folder, world.root);
  if (s3Bucket === undefined || s3Key === undefined)
    throw new UserError("`code` is missing: give an archive, or `s3Bucket` and `s3Key`.");
  return unzip(await download(s3Bucket, s3Key, region, world), folder, `s3://${s3Bucket}/${s3Key}`);
}

async function download(Bucket: string, Key: string, region: string, world: World): Promise<Uint8Array> {
  try {
    const { Body } = await world.clientsAs(engine, region).s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "NoSuchKey" && name !== "NoSuchBucket") throw error;
    throw new UserError(
      `InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`,
      { cause: error },
    );
  }
}
