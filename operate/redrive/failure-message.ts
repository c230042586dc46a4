import { z } from "zod";

const sequenceNumber = z.string().regex(/^\d{21,40}$/);

/** When a record was made, for people only: what Lambda writes about records that do not say is not documented. */
const arrival = z
  .string()
  .nullish()
  .transform((time) => time ?? "an unknown time");

const failure = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  DDBStreamBatchInfo: z.object({
    shardId: z.string().min(1),
    startSequenceNumber: sequenceNumber,
    endSequenceNumber: sequenceNumber,
    approximateArrivalOfFirstRecord: arrival,
    approximateArrivalOfLastRecord: arrival,
    batchSize: z.number(),
    streamArn: z.string().startsWith("arn:"),
  }),
  payload: z.unknown().optional(),
});

const eventShape = z.object({
  Records: z.array(z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: sequenceNumber }) })).min(1),
});

/** A record as a Lambda event has it. */
export type EventRecord = z.output<typeof eventShape>["Records"][number];

/** Where the records of a failure are. */
export interface FailedRange {
  readonly streamArn: string;
  readonly shardId: string;
  /** The first and the last sequence number. */
  readonly first: string;
  readonly last: string;
}

/** What one failure message is about. */
export interface FailedBatch extends FailedRange {
  /** When the first and the last record were made, to the second, if the message says so. */
  readonly arrived: readonly [first: string, last: string];
  /** Records that failed; others may lie between them, which filters passed over or another batch delivered. */
  readonly records: number;
  /** The records themselves, where the message has them. */
  readonly payload?: readonly EventRecord[];
}

/**
 * Understands a message of a mapping's on-failure destination: as SQS and SNS get it, wrapped by SNS, or as it is stored in S3,
 * with the event itself. Anything else is answered with what is wrong with it: it may be of another maker, or of another form
 * than the one that is known.
 * @param functionName whose failures are expected
 */
export function readFailure(body: string, functionName: string): FailedBatch | { readonly problem: string } {
  const json = unwrapped(parsed(body));
  if (json === undefined) return { problem: "it is not JSON" };
  const { success, data, error } = failure.safeParse(json);
  if (!success) {
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    return { problem: `it is no failure of a DynamoDB stream's mapping: ${path.join(".")}: ${message}` };
  }
  const { requestContext, DDBStreamBatchInfo: info, payload } = data;
  const owner = requestContext.functionArn.split(":")[6];
  if (owner !== functionName) return { problem: `it is about the function ${owner}, not ${functionName}` };
  const [first, last] = [info.startSequenceNumber, info.endSequenceNumber];
  if (BigInt(first) > BigInt(last)) return { problem: `its range ends at ${last}, before it begins at ${first}` };
  const batch: FailedBatch = {
    ...{ streamArn: info.streamArn, shardId: info.shardId, first, last, records: info.batchSize },
    arrived: [info.approximateArrivalOfFirstRecord, info.approximateArrivalOfLastRecord],
  };
  if (payload === undefined) return batch;
  const event = eventShape.safeParse(typeof payload === "string" ? parsed(payload) : payload);
  return event.success ? { ...batch, payload: event.data.Records } : { problem: "its payload is no event of a stream" };
}

/** What SNS puts a message into on its way to a queue. */
function unwrapped(json: unknown): unknown {
  const { success, data } = z.object({ Type: z.literal("Notification"), Message: z.string() }).safeParse(json);
  return success ? parsed(data.Message) : json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
