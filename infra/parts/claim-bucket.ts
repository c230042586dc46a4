import type * as pulumi from "@pulumi/pulumi";
import { claimsPrefix } from "./claims.ts";
import { expiry, PrivateBucket } from "./private-bucket.ts";

export interface ClaimBucketArgs {
  /** Days for which a body is kept. */
  readonly days: number;
  /** Whether the bucket may be deleted while bodies lie in it. */
  readonly forceDestroy: boolean;
  /** The KMS key of the queue, if it has one of the user's: bodies are as secret as messages. */
  readonly encryptionKey?: string | undefined;
}

/** Where the bodies go that no message can hold. */
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
