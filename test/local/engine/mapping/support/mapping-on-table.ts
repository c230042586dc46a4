import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import type { Mapping, MappingOptions } from "../../../../../local/engine/mapping/options.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import { newTable, type Table } from "./table.ts";

export const mappingId = "6e5b3c1e-0000-4000-8000-000000000000";
export const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:consumer";

/** A table of one's own, and mappings that read its stream. */
export interface MappingOnTable {
  readonly table: Table;
  /** Starts a mapping; a problem fails the test, unless `options` say otherwise. */
  start(inputs: Record<string, unknown>, options: Pick<MappingOptions, "invoke"> & Partial<MappingOptions>): Mapping;
  /** Stops the mapping that was started last, and closes the table. */
  close(): Promise<void>;
}

export async function mappingOnTable(): Promise<MappingOnTable> {
  const table = await newTable();
  let mapping: Mapping | undefined;
  return {
    table,
    start(inputs, options) {
      mapping = startMapping({
        uuid: mappingId,
        functionArn,
        streamArn: table.streamArn,
        region: "eu-west-1",
        streams: table.streams,
        settings: mappingSettings({ startingPosition: "TRIM_HORIZON", ...inputs }),
        backoff: () => 1,
        onProblem: (problem) => {
          throw problem;
        },
        ...options,
      });
      return mapping;
    },
    async close() {
      await mapping?.stop();
      table.close();
    },
  };
}

/** Ids for items: `item-0`, `item-1`, ... */
export function names(count: number, prefix = "item"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
