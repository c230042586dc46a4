import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Message } from "@aws-sdk/client-sqs";
import type { ImageForm } from "../handlers/core/image-json.ts";
import type { FailedChanges } from "./compare/failed-changes.ts";
import type { Items, KeyAttribute } from "./compare/items.ts";
import type { StreamChange } from "./compare/stream.ts";

/** What the tools must know of a kind of destination; `operate/kinds.ts` has the table. */
export interface OperatedKind {
  /** State: it converges to the source, even if changes come twice or late. Messages: it tells others of each change. */
  readonly holds: "state" | "messages";
  /** Whether its readers rely on the order in which the changes of a key arrive: then a change waits for the earlier ones of its key. */
  readonly ordered: boolean;
  /** Compares a destination with the source, and with each of its changes if it keeps them. */
  verify(destination: DestinationToVerify): Promise<Verdict>;
}

/** The settings that a destination's handler runs with. */
export type HandlerSettings = Readonly<Record<string, unknown>>;

/** The stack's outputs for a destination's own resources. */
export type SinkOutputs = Readonly<Record<string, string>>;

/** How a stack's data are reached, whether it is deployed or runs on this machine. */
export interface StackData {
  readonly region: string;
  /** SDK clients for the stack's Region. */
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client };
  /** SDK clients for another Region. */
  clientsFor(region: string): { readonly dynamodb: DynamoDBClient };
  /** Runs a query in a destination's warehouse. SUPER comes as the JSON value, a large number as text. */
  query<Row extends Record<string, unknown>>(sql: string, sink: SinkOutputs): Promise<readonly Row[]>;
  /** All messages that a queue has given out in its order, those included that were taken off it before. */
  messages(queueUrl: string): Promise<readonly Message[]>;
}

/** A destination, and what it should hold. */
export interface DestinationToVerify {
  readonly stack: StackData;
  readonly sink: SinkOutputs;
  readonly settings: HandlerSettings & { readonly images?: ImageForm };
  /** The changes that should arrive: those that the mapping's filters let through. */
  readonly changes: readonly StreamChange[];
  /** The items that those changes end with, by key hash: without filters they are the source's. */
  readonly items: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** What failure messages excuse. */
  readonly failed: FailedChanges;
}

/** What was found at a destination. */
export interface Verdict {
  /** What arrived, such as `7958 in 8120 rows, 3120 current`. */
  readonly arrived: string;
  /** What is wrong, a line each; none if the destination holds exactly what it should. */
  readonly problems: readonly string[];
}
