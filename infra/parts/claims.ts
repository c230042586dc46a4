import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../kind.ts";
import type { StreamViewType } from "../stream-view-type.ts";
import type { PrivateBucket } from "./private-bucket.ts";

/** What the keys of all bodies begin with that did not fit where they should go. */
export const claimsPrefix = "claims/";

/** What a destination adds to its consumer so that oversize changes can go through S3. */
export interface Claims {
  /** For the handler's settings. */
  readonly settings: { readonly bucket: pulumi.Output<string>; readonly prefix: string };
  readonly grant: Grant;
}

/** Lets the function store bodies in a bucket, and do nothing else there. */
export function claimsIn({ bucket, arn }: PrivateBucket): Claims {
  return {
    settings: { bucket, prefix: claimsPrefix },
    grant: { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${arn}/${claimsPrefix}*`] },
  };
}

/** Whether a change can be too large for a message or a row: keys alone never are, but an image of 400 KB can be megabytes of JSON. */
export function canBeOversize(view: StreamViewType): boolean {
  return view !== "KEYS_ONLY";
}
