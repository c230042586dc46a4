import type * as pulumi from "@pulumi/pulumi";
import { claimsPrefix } from "../../parts/claim-check.ts";
import { expiry, PrivateBucket } from "../../parts/private-bucket.ts";

interface StagingBucketArgs {
  /** Days for which staged objects are kept. */
  readonly retentionDays: number;
  /** Days for which the bodies of oversize changes are kept. @default for ever */
  readonly claimCheckDays?: number | undefined;
  /** Whether the bucket may be deleted while objects lie in it. */
  readonly forceDestroy: boolean;
}

/**
 * Where Firehose puts the changes that COPY reads, and where the function puts bodies that are too large for a row. Only
 * the lifecycle deletes them.
 */
export class StagingBucket extends PrivateBucket {
  constructor(name: string, args: StagingBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:StagingBucket", name, { forceDestroy: args.forceDestroy, expiry: expiryOf(args) }, opts);
  }
}

/**
 * Firehose stages changes under `YYYY/MM/DD/HH/`, what it asks COPY to load under `manifests/`, and what could not be
 * loaded under `errors/`, so the prefix `20` matches the years. The change log is never deleted, and neither are the
 * bodies that its rows point to, unless the stack says otherwise.
 */
function expiryOf({ retentionDays, claimCheckDays }: StagingBucketArgs) {
  return [
    expiry("staged", "20", retentionDays),
    expiry("manifests", "manifests/", retentionDays),
    // Small, and still worth having when the changes that it names are gone: it says which ones are missing.
    expiry("errors", "errors/", Math.max(365, retentionDays)),
    ...(claimCheckDays === undefined ? [] : [expiry("claims", claimsPrefix, claimCheckDays)]),
  ];
}
