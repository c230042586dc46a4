import { arn } from "../aws.ts";
import type { Mapping } from "../mapping/options.ts";
import type { MappingSettings } from "../mapping/settings.ts";

/** A mapping that runs, and what it joins. */
export interface RunningMapping {
  readonly mapping: Mapping;
  readonly uuid: string;
  readonly functionName: string;
  readonly streamArn: string;
  /** As the program wants them; whether it is enabled may have been changed since. */
  readonly settings: MappingSettings;
}

/** A mapping as Lambda's API describes it, in the API's names. */
export function mappingConfiguration({ mapping, uuid, streamArn, settings }: RunningMapping, functionArn: string) {
  const { filterCriteria, destinationConfig } = settings;
  const { filters } = filterCriteria;
  const destination = destinationConfig.onFailure?.destinationArn;
  return {
    UUID: uuid,
    EventSourceMappingArn: arn("lambda", functionArn.split(":")[3]!, `event-source-mapping:${uuid}`),
    EventSourceArn: streamArn,
    FunctionArn: functionArn,
    State: mapping.state,
    StateTransitionReason: "User action",
    StartingPosition: settings.startingPosition,
    BatchSize: settings.batchSize,
    MaximumBatchingWindowInSeconds: settings.maximumBatchingWindowInSeconds,
    ParallelizationFactor: settings.parallelizationFactor,
    MaximumRecordAgeInSeconds: settings.maximumRecordAgeInSeconds,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    BisectBatchOnFunctionError: settings.bisectBatchOnFunctionError,
    FunctionResponseTypes: settings.functionResponseTypes,
    ...(filters.length > 0 && { FilterCriteria: { Filters: filters.map(({ pattern }) => ({ Pattern: pattern })) } }),
    DestinationConfig: { OnFailure: destination === undefined ? {} : { Destination: destination } },
  };
}
