import type { _Record as ApiRecord } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBRecord } from "aws-lambda";
import { toEventRecord } from "../../../operate/stream/event-record.ts";
import { compileFilter } from "../../../operate/stream/filter.ts";
import type { MappingOptions } from "./options.ts";

type FilterOptions = Pick<MappingOptions, "eventSourceArn" | "streamArn" | "region" | "settings">;

/** Makes the function that turns a stream's record into the event's, or into undefined if the filters pass it over. */
export function recordFilter(options: FilterOptions): (source: ApiRecord) => DynamoDBRecord | undefined {
  const origin = { eventSourceArn: eventSourceArnOf(options), region: options.region };
  const passes = compileFilter(options.settings.filterCriteria.filters.map(({ pattern }) => pattern));
  return (source) => {
    const record = toEventRecord(source, origin);
    return passes(record) ? record : undefined;
  };
}

/** The stream's ARN as events and failure messages name it. */
export function eventSourceArnOf({ eventSourceArn, streamArn, region }: FilterOptions): string {
  return eventSourceArn ?? streamArn.split(":").with(3, region).join(":");
}
