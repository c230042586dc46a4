import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clients } from "../../../../operate/stack/clients.ts";
import type { Right } from "../../iam/role.ts";
import type { FailureRecord } from "../failure-record.ts";

/** Where a mapping tells of the records that it gave up. */
export interface Destination {
  /** What the role of the mapping's function must be allowed so that Lambda makes the mapping. */
  readonly rights: readonly Right[];
  /** Finds out what Lambda finds out while the mapping is being made. */
  check?(): Promise<void>;
  /** @param event what the function was, or would have been, invoked with */
  send(record: FailureRecord, event: DynamoDBStreamEvent): Promise<void>;
}

/** What sending needs. */
export interface DestinationPlace {
  /** The destination's ARN. */
  readonly arn: string;
  /** The mapping's UUID. */
  readonly uuid: string;
  /** They speak in the role of the mapping's function. */
  readonly clients: Pick<Clients, "sqs" | "sns" | "s3">;
  /** Where queues have their URLs. */
  readonly endpoint: string;
}
