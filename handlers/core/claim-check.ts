import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Call, Change } from "./contract.ts";
import { errorLine, type RefusalCodes } from "./errors.ts";
import { sortable } from "./key-and-version.ts";
import { persistently, sdkOptions } from "./requests.ts";

/** Where the bodies go of changes that are too large for a destination. */
export interface ClaimSettings {
  readonly bucket: string;
  /** What the keys of all bodies begin with; ends with a slash. */
  readonly prefix: string;
}

/** The body of a change that does not fit, and the place in S3 from which it is fetched. */
export interface Claim {
  readonly bucket: string;
  readonly key: string;
  /** JSON. */
  readonly body: Buffer;
}

/**
 * Stores a body before anything points to it, again and again until it is there or the time is over. Answers with why it
 * could not be stored; undefined once it is.
 */
export type Store = (claim: Claim, call: Call) => Promise<string | undefined>;

/** How S3 refuses a body: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
export const s3Refusals: RefusalCodes = new Set(["EntityTooLarge"]);

/** An invocation's 6 MB hold no more changes than this of a megabyte each. */
const concurrency = 6;

/**
 * The claim of a change. Its key follows from the change alone, and its body has to: then a change that is delivered again
 * writes the same bytes to the same place, and what points there stays right.
 */
export function claim({ bucket, prefix }: ClaimSettings, change: Change, body: string): Claim {
  const key = `${prefix}${change.keyHash}/${sortable(change.version)}-${change.eventId}.json`;
  return { bucket, key, body: Buffer.from(body) };
}

/** Where the body of a claim is. */
export function claimUri({ bucket, key }: Claim): string {
  return `s3://${bucket}/${key}`;
}

/** Makes what stores claims; its client lives as long. */
export function connectStore(): Store {
  const client = new S3Client(sdkOptions(concurrency));
  return async ({ bucket, key, body }, call) => {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: "application/json" });
    try {
      await persistently(call, s3Refusals, (abortSignal) => {
        call.sent(body.length);
        return client.send(command, { abortSignal });
      });
      return undefined;
    } catch (error) {
      return `S3: ${errorLine(error)}`;
    }
  };
}
