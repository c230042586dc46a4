import { z } from "zod";
import { partitionOf, unknownRegion } from "./regions.ts";

/** The parts of an ARN that names something in one Region and account. */
interface Arn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Reads an ARN of a service; undefined if it is none. Where it leads is not checked, see `arnOf`. */
export function readArn(text: string, service: string): Arn | undefined {
  const parts =
    /^arn:(?<partition>aws[a-z-]*):(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<resource>.+)$/.exec(
      text,
    )?.groups;
  return parts?.service === service ? (parts as unknown as Arn) : undefined;
}

/**
 * ARNs of a service, in Regions that exist and in the partition of their Region.
 * @param resource the last part
 * @param allowed what is expected, in words
 */
export function arnOf(service: string, resource: RegExp, allowed: string) {
  return z
    .string()
    .max(2048, { abort: true })
    .refine((text) => resource.test(readArn(text, service)?.resource ?? ""), { abort: true })
    .refine((text) => misplaced(text, service) === undefined, {
      error: ({ input }) => misplaced(input as string, service) ?? "",
    })
    .meta({ allowed });
}

function misplaced(text: string, service: string): string | undefined {
  const { region, partition } = readArn(text, service)!;
  const unknown = unknownRegion(region);
  if (unknown !== undefined) return unknown;
  const right = partitionOf(region).partition;
  return partition === right ? undefined : `${region} is in the partition ${right}, not in ${partition}`;
}
