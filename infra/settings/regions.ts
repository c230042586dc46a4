import * as aws from "@pulumi/aws";
import { z } from "zod";
import { show } from "./check.ts";

/** The Regions that the provider can deploy to: those that its version knows. */
const regions: ReadonlySet<string> = new Set(Object.values(aws.Region));

/** Where Regions belong that are not of the partition `aws`, by what their names begin with, and the domain of their services. */
const partitions = {
  "cn-": { partition: "aws-cn", domain: "amazonaws.com.cn" },
  "us-gov-": { partition: "aws-us-gov", domain: "amazonaws.com" },
  "eusc-": { partition: "aws-eusc", domain: "amazonaws.eu" },
  "us-iso-": { partition: "aws-iso", domain: "c2s.ic.gov" },
  "us-isob-": { partition: "aws-iso-b", domain: "sc2s.sgov.gov" },
  "eu-isoe-": { partition: "aws-iso-e", domain: "cloud.adc-e.uk" },
  "us-isof-": { partition: "aws-iso-f", domain: "csp.hci.ic.gov" },
} as const;

/** The part of AWS that a Region belongs to, which shares neither accounts nor resources with the others. */
export function partitionOf(region: string): { readonly partition: string; readonly domain: string } {
  const found = Object.entries(partitions).find(([beginning]) => region.startsWith(beginning));
  return found?.[1] ?? { partition: "aws", domain: "amazonaws.com" };
}

/** What is wrong with a Region's name, as a sentence; undefined if there is such a Region. */
export function unknownRegion(region: string): string | undefined {
  if (regions.has(region)) return undefined;
  return `${show(region)} is no Region that this version of @pulumi/aws knows; expected one such as eu-west-1, or a later version`;
}

/** A Region. */
export const region = z
  .string()
  .refine((name) => unknownRegion(name) === undefined, { error: ({ input }) => unknownRegion(input as string) ?? "" })
  .meta({ allowed: "a Region, such as eu-west-1" });
