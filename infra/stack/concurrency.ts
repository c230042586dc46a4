import * as pulumi from "@pulumi/pulumi";
import { askForConcurrency } from "../consumer/alarm-table.ts";
import type { Finding } from "../kind.ts";
import type { ConsumerSettings } from "./consumers.ts";

/**
 * Lambda's quota of concurrent executions, and what it always leaves without a reservation; some new accounts have less of
 * both, 10 each by many reports: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html and
 * https://github.com/awslabs/fhir-works-on-aws-deployment/issues/691
 */
const unreserved = 100;

/**
 * Where reservations of concurrency may not do what they are for. What an account has cannot be known without asking it, so
 * a preview says what it must have; an update would fail by itself.
 */
export function concurrencyFindings(
  consumers: readonly ConsumerSettings[],
  isPreview: boolean = pulumi.runtime.isDryRun(),
): readonly Finding[] {
  const reserving = consumers.flatMap((consumer) => {
    const { reservedConcurrentExecutions: reserved } = consumer.function;
    return reserved === undefined ? [] : [{ ...consumer, reserved }];
  });
  const tooFew = reserving
    .filter(({ reserved, mapping }) => reserved < mapping.parallelizationFactor)
    .map(({ reserved, mapping, destinations }) => ({
      path: `destinations.${destinations[0]!.name}.function.reservedConcurrentExecutions`,
      message: `${reserved} throttles even a single shard, which runs ${mapping.parallelizationFactor} batches at once (mapping.parallelizationFactor); expected as much for each shard`,
    }));
  const total = reserving.reduce((sum, { reserved }) => sum + reserved, 0);
  const least = total + unreserved;
  const needed = {
    path: "destinations",
    message: `reservedConcurrentExecutions come to ${total}, and Lambda keeps ${unreserved} for functions without a reservation: the account needs ${least} (see \`aws lambda get-account-settings\`; new accounts may have 10). To ask for more: ${askForConcurrency(Math.max(1000, least))}`,
  };
  return [...tooFew, ...(isPreview && total > 0 ? [needed] : [])].map((one) => ({ ...one, severity: "warning" }));
}
