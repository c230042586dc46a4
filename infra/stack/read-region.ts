import * as aws from "@pulumi/aws";
import type { Problem } from "../settings/check.ts";
import { unknownRegion } from "../settings/regions.ts";

/** The Region that the stack deploys to, or what is wrong with it. */
interface ReadRegion {
  readonly region?: string;
  readonly problems: readonly Problem[];
}

const path = "aws:region";

/** Reads the Region as the provider does: from `aws:region`, or else from the environment. */
export function readRegion(): ReadRegion {
  const { region } = aws.config;
  if (region === undefined) {
    const message =
      "is missing; expected a Region: `pulumi config set aws:region us-east-1`, or AWS_REGION in the environment";
    return { problems: [{ path, message }] };
  }
  const unknown = unknownRegion(region);
  return unknown === undefined ? { region, problems: [] } : { problems: [{ path, message: unknown }] };
}
