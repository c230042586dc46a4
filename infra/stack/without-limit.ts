import type { Problem } from "../settings/check.ts";
import { functionSchema } from "../settings/function.ts";
import { mappingSchema } from "../settings/mapping.ts";
import { unlessMalformed } from "../settings/well-formed.ts";
import type { ReadDestination } from "./destination.ts";

/** How long a stream keeps its records. */
const retentionSeconds = 86_400;

// AWS publishes no figures for Lambda's pauses between the attempts of a batch that is refused at once. Public
// observations stay within a minute, which is assumed of each.
const longestPause = 60;

/**
 * Where neither attempts nor record age end before the stream trims the record, in what a consumer's mapping gets from all
 * of its destinations together. One bad record would then hold its shard for a day, and be lost without a trace.
 */
export function withoutLimit(consumer: string, members: readonly ReadDestination[]): readonly Problem[] {
  return (
    unlessMalformed(() => {
      const attempts = asked(members, "mapping", "maximumRetryAttempts", mappingSchema.parse({}).maximumRetryAttempts);
      const age = asked(
        members,
        "mapping",
        "maximumRecordAgeInSeconds",
        mappingSchema.parse({}).maximumRecordAgeInSeconds,
      );
      const timeout = asked(members, "function", "timeout", functionSchema.parse({}).timeout);
      if (attempts === undefined || age === undefined || timeout === undefined) return []; // they contradict each other
      // The first attempt is none of them.
      const most = Math.ceil(retentionSeconds / (timeout.value + longestPause)) - 2;
      if (isWithin(age.value, retentionSeconds - 1) || isWithin(attempts.value, most)) return [];
      const other =
        attempts.by === age.by ? "" : ` of destinations.${attempts.by}, which shares the consumer "${consumer}"`;
      const message = `maximumRetryAttempts (${said(attempts.value)}${other}) and maximumRecordAgeInSeconds (${said(age.value)}) both outlast the day for which the stream keeps a record: one that always fails would hold its shard until then and be lost; expected an age of at most ${retentionSeconds - 1}, or at most ${most} retries, each of which may take function.timeout (${timeout.value} seconds) and a pause`;
      return [{ path: `destinations.${age.by}.mapping`, message }];
    }) ?? []
  );
}

function isWithin(value: number, limit: number): boolean {
  return value !== -1 && value <= limit;
}

function said(value: number): string {
  return value === -1 ? "-1, no limit" : String(value);
}

/** What the destinations of a consumer ask for, and which of them said it first; undefined if they contradict each other. */
function asked(
  members: readonly ReadDestination[],
  group: "mapping" | "function",
  key: string,
  byDefault: number,
): { readonly value: number; readonly by?: string } | undefined {
  const all = members.flatMap(({ name, request }) => {
    const value = request[group][key];
    return value === undefined ? [] : { value: value as number, by: name };
  });
  if (new Set(all.map(({ value }) => value)).size > 1) return undefined;
  return all[0] ?? { value: byDefault };
}
