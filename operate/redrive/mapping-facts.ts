import { GetEventSourceMappingCommand, type LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import type { DynamoDBRecord } from "aws-lambda";
import { UserError } from "../../terminal/user-error.ts";
import { compileFilter } from "../stream/filter.ts";

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
