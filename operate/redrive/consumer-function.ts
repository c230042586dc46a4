import {
  GetEventSourceMappingCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  type LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import type { DynamoDBRecord } from "aws-lambda";
import { z } from "zod";
import { errorLine, isRefusal, type RefusalCodes } from "../../handlers/core/errors.ts";
import { UserError } from "../../terminal/user-error.ts";
import { compileFilter } from "../stream/event-record.ts";
import type { EventRecord } from "./failure-message.ts";

/** What must be known of a mapping to do its work by hand. */
export interface MappingFacts {
  /** The function, as the mapping names it. */
  readonly functionArn: string;
  /** Whether the mapping's filters let a record through. */
  passes(record: DynamoDBRecord): boolean;
}

/** Asks Lambda for a mapping's function and filters. */
export async function mappingFacts(lambda: LambdaClient, uuid: string): Promise<MappingFacts> {
  try {
    const found = await lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    if (found.FilterCriteriaError !== undefined) {
      throw new UserError(`The filters of the mapping ${uuid} cannot be read: ${found.FilterCriteriaError.Message}`);
    }
    const patterns = (found.FilterCriteria?.Filters ?? []).map(({ Pattern = "" }) => Pattern);
    return { functionArn: found.FunctionArn!, passes: compileFilter(patterns) };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new UserError(
      `The stack's outputs name a mapping ${uuid} that does not exist for whoever asks. If the AWS credentials are those of the stack's account, run \`pulumi refresh\`, then \`pulumi up\`.`,
    );
  }
}

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

/** What came of an invocation: the records that were not delivered, or why it is not known of any of them. */
export type Invoked = { readonly failures: readonly RecordFailure[] } | { readonly problem: string };

/**
 * How Lambda refuses what it is to invoke a function with, besides status 413:
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors.
 */
const refusals: RefusalCodes = new Set([
  "InvalidRequestContentException",
  "RequestTooLargeException",
  "SerializationException",
]);

/**
 * Sends records, in their order, through a function as a redrive. If Lambda refuses them or the function fails as a whole,
 * it may be for a single one of them, or for their number.
 * @param patienceSeconds how long the function may wait for a destination that is down
 */
export async function invoke(
  lambda: LambdaClient,
  functionName: string,
  records: readonly EventRecord[],
  patienceSeconds: number,
): Promise<Invoked> {
  const Payload = JSON.stringify({ Records: records, redrive: { patienceSeconds } });
  let response: InvokeCommandOutput;
  try {
    response = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  } catch (error) {
    if (!isRefusal(error, refusals)) throw error;
    return { problem: `Lambda: ${errorLine(error)}` };
  }
  const payload: unknown = JSON.parse(response.Payload?.transformToString() || "null");
  if (response.FunctionError === undefined) {
    const { success, data } = answer.safeParse(payload);
    return success ? data : { failures: records.map(notKnown) };
  }
  const { success, data } = crash.safeParse(payload);
  return { problem: success ? `${data.errorType}: ${data.errorMessage}` : "The function failed." };
}

function notKnown({ dynamodb }: EventRecord): RecordFailure {
  const reason = "The function's code does not know redrives; deploy it anew.";
  return { sequenceNumber: dynamodb.SequenceNumber, reason };
}
