import type { Destination, DestinationPlace } from "./destination.ts";
import { s3Destination } from "./s3.ts";
import { snsDestination } from "./sns.ts";
import { sqsDestination } from "./sqs.ts";

/**
 * The kinds of on-failure destinations that a mapping of a DynamoDB stream may have, by the service in their ARNs.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const kinds = {
  s3: s3Destination,
  sns: snsDestination,
  sqs: sqsDestination,
} satisfies Record<string, (place: DestinationPlace) => Destination>;

/** Whether an ARN is that of a destination's kind. */
export function isDestination(arn: string): boolean {
  return arn.startsWith("arn:") && Object.hasOwn(kinds, arn.split(":")[2]!);
}

/** The destination with an ARN for which `isDestination` holds. */
export function destinationOf(place: DestinationPlace): Destination {
  return kinds[place.arn.split(":")[2] as keyof typeof kinds](place);
}
