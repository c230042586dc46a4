import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import type { EventRecord } from "./failure-message.ts";

/** Why a record was not delivered. */
export interface RecordFailure {
  readonly sequenceNumber: string;
  /** Where; absent if the function itself failed with the record. */
  readonly destination?: string | undefined;
  readonly reason: string;
}

const answer = z.object({
  failures: z.array(z.object({ sequenceNumber: z.string(), destination: z.string().optional(), reason: z.string() })),
});

const crash = z.object({ errorType: z.string().default("Error"), errorMessage: z.string().default("") });

/**
 * Sends records, in their order, through a function as a redrive, and says which were not delivered. If the function fails
 * as a whole, they are sent in halves until the record is found that it fails with.
 * @param patienceSeconds how long the function may wait for a destination that is down
 */
export async function invoke(
  lambda: LambdaClient,
  functionName: string,
  records: readonly EventRecord[],
  patienceSeconds: number,
): Promise<readonly RecordFailure[]> {
  const Payload = JSON.stringify({ Records: records, redrive: { patienceSeconds } });
  const response = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const payload: unknown = JSON.parse(response.Payload?.transformToString() || "null");
  if (response.FunctionError === undefined) {
    const { success, data } = answer.safeParse(payload);
    return success
      ? data.failures
      : records.map(because("The function's code does not know redrives; deploy it anew."));
  }
  if (records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return [
      ...(await invoke(lambda, functionName, records.slice(0, middle), patienceSeconds)),
      ...(await invoke(lambda, functionName, records.slice(middle), patienceSeconds)),
    ];
  }
  const { success, data } = crash.safeParse(payload);
  return records.map(because(success ? `${data.errorType}: ${data.errorMessage}` : "The function failed."));
}

function because(reason: string): (record: EventRecord) => RecordFailure {
  return ({ dynamodb }) => ({ sequenceNumber: dynamodb.SequenceNumber, reason });
}
