import { compilePattern, InvalidPattern } from "../../../infra/filters/pattern.ts";
import { isDestination } from "./destinations.ts";

const mostFilters = 5;
const longestPattern = 4096;

/** Reads `filterCriteria`, noting what AWS would refuse. */
export function patterns(value: unknown, problems: string[]): readonly { readonly pattern: string }[] {
  const filters = property(value, "filters") ?? [];
  if (!Array.isArray(filters) || filters.some((filter) => typeof property(filter, "pattern") !== "string")) {
    problems.push(`filterCriteria: ${shown(value)} is not {"filters": [{"pattern": "<JSON>"}, ...]}`);
    return [];
  }
  if (filters.length > mostFilters) {
    problems.push(`filterCriteria.filters: ${filters.length} filters are more than the ${mostFilters} that AWS allows`);
  }
  const texts = filters.map((filter) => String(property(filter, "pattern")));
  for (const [index, text] of texts.entries()) {
    const path = `filterCriteria.filters[${index}].pattern`;
    if (text.length > longestPattern) problems.push(`${path}: longer than ${longestPattern} characters`);
    try {
      compilePattern(text);
    } catch (error) {
      if (!(error instanceof InvalidPattern)) throw error;
      problems.push(`${path}: ${error.message}`);
    }
  }
  return texts.map((pattern) => ({ pattern }));
}

/** Reads `destinationConfig`, noting what AWS would refuse. */
export function destination(
  value: unknown,
  problems: string[],
): { readonly onFailure?: { readonly destinationArn: string } } {
  const arn = property(property(value, "onFailure"), "destinationArn");
  if (arn === undefined || arn === "") return {};
  if (typeof arn !== "string" || !isDestination(arn)) {
    problems.push(
      `destinationConfig.onFailure.destinationArn: ${shown(arn)} is not the ARN of an SQS queue, an SNS topic or an S3 bucket`,
    );
    return {};
  }
  // AWS documents that a message to a FIFO queue or topic cannot be delivered, and counts as
  // DestinationDeliveryFailures (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html); for a
  // function's own destinations it refuses the configuration with InvalidParameterValueException
  // (https://github.com/aws/aws-cdk/issues/13793). Whether it refuses a mapping's too is not recorded. Here it does:
  // the other way, each failure would go unseen.
  if (/^arn:[^:]+:(sqs|sns):.*\.fifo$/.test(arn)) {
    problems.push(
      `destinationConfig.onFailure.destinationArn: ${arn} is FIFO, which Lambda cannot deliver to; use a standard queue or topic`,
    );
  }
  return { onFailure: { destinationArn: arn } };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
