import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../kind.ts";
import type { StreamViewType } from "../settings/source.ts";
import { expiry, PrivateBucket } from "./private-bucket.ts";

/** The prefix of all bodies that were too large for their destination. */
export const claimsPrefix = "claims/";

/** What a destination adds to its consumer so that oversize changes can go through S3. */
interface ClaimCheck {
  /** For the handler's settings. */
  readonly settings: { readonly bucket: pulumi.Output<string>; readonly prefix: string };
  readonly grant: Grant;
}

/** Lets the function store bodies in a bucket, and do nothing else there. */
export function claimCheckIn({ bucket, arn }: PrivateBucket): ClaimCheck {
  return {
    settings: { bucket, prefix: claimsPrefix },
    grant: { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${arn}/${claimsPrefix}*`] },
  };
}

/** Whether a change can be too large for a message or a row: keys alone never are, but an image of 400 KB can be megabytes of JSON. */
export function canBeOversize(view: StreamViewType): boolean {
  return view !== "KEYS_ONLY";
}

interface ClaimBucketArgs {
  /** Days for which a body is kept. */
  readonly days: number;
  /** Whether the bucket may be deleted while bodies lie in it. */
  readonly forceDestroy: boolean;
  /** The KMS key of the queue, if it has one of the user's: bodies are as secret as messages. */
  readonly encryptionKey?: string | undefined;
}

/** Where bodies go that are too large for a message. */
export class ClaimBucket extends PrivateBucket {
  constructor(name: string, args: ClaimBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const { days, forceDestroy, encryptionKey } = args;
    super(
      "fanout:index:ClaimBucket",
      name,
      {
        forceDestroy,
        expiry: [expiry("claims", claimsPrefix, days)],
        ...(encryptionKey === undefined ? {} : { encryptionKey }),
      },
      opts,
    );
  }
}
