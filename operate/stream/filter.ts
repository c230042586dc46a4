import type { DynamoDBRecord } from "aws-lambda";
import { compilePattern } from "../../infra/filters/pattern.ts";

/**
 * Says which event records reach the function: those that match at least one of the patterns, or all if there are none.
 * A record that does not match is passed over for good.
 * @throws InvalidPattern
 */
export function compileFilter(patterns: readonly string[]): (record: DynamoDBRecord) => boolean {
  if (patterns.length === 0) return () => true;
  const compiled = patterns.map(compilePattern);
  return (record) => compiled.some((matches) => matches(record));
}
