import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** The body of an oversize change, or why there is none. */
export type ClaimedBody =
  | { readonly body: Record<string, unknown>; readonly bytes: number }
  | { readonly problem: string };

/** Reads the body of an oversize change from where its `s3://` URI says. One that is not there is the destination's problem, not an error. */
export async function readClaimedBody(s3: S3Client, uri: string): Promise<ClaimedBody> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === undefined) return { problem: `points to ${uri}, which is no place in S3` };
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = (await Body?.transformToString()) ?? "";
    return { body: JSON.parse(text), bytes: Buffer.byteLength(text) };
  } catch (error) {
    const isMissing = ["NoSuchKey", "NoSuchBucket"].includes((error as Error).name);
    if (!isMissing && !(error instanceof SyntaxError)) throw error;
    return { problem: `points to ${uri}, which ${isMissing ? "is not there" : "holds no JSON"}` };
  }
}
