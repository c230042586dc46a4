import { UserError } from "../../../terminal/user-error.ts";
import { destination, patterns, shown } from "./nested-settings.ts";

/** How a mapping behaves: the arguments of `aws.lambda.EventSourceMapping` that matter for a DynamoDB stream, checked, with AWS's defaults. */
export interface MappingSettings {
  /** The most records in one invocation, 1 to 10,000. @default 100 */
  readonly batchSize: number;
  /** How long records may be gathered, in whole seconds, 0 to 300. @default 0: as soon as there is a record */
  readonly maximumBatchingWindowInSeconds: number;
  /** Batches of one shard that may be under way at once, 1 to 10; order stays per item. @default 1 */
  readonly parallelizationFactor: number;
  /** The size of tumbling windows, in whole seconds, up to 900, whose state the function passes on. @default 0: no windows */
  readonly tumblingWindowInSeconds: number;
  /** Whether a batch whose invocation failed is cut in two. @default false */
  readonly bisectBatchOnFunctionError: boolean;
  /** Further attempts after the first, 0 to 10,000; -1: until the records expire. @default -1 */
  readonly maximumRetryAttempts: number;
  /** The age, in seconds, from which records are given up, 60 to 604,800; -1: the stream's retention. @default -1 */
  readonly maximumRecordAgeInSeconds: number;
  /** `["ReportBatchItemFailures"]`, or empty: then what the function returns is ignored. @default [] */
  readonly functionResponseTypes: readonly "ReportBatchItemFailures"[];
  /** Where reading begins on a shard without a checkpoint. Required. */
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  /** At most five event patterns; a record passes if it matches one of them. @default none: every record passes */
  readonly filterCriteria: { readonly filters: readonly { readonly pattern: string }[] };
  /** The ARN of a standard SQS queue, standard SNS topic or S3 bucket that gets messages about records that are given up. @default none */
  readonly destinationConfig: { readonly onFailure?: { readonly destinationArn: string } };
  /** A disabled mapping reads nothing and keeps its checkpoints. @default true */
  readonly enabled: boolean;
}

const wholeNumbers = {
  batchSize: { default: 100, allows: (n) => n >= 1 && n <= 10_000, allowed: "from 1 to 10000" },
  maximumBatchingWindowInSeconds: { default: 0, allows: (n) => n >= 0 && n <= 300, allowed: "from 0 to 300" },
  parallelizationFactor: { default: 1, allows: (n) => n >= 1 && n <= 10, allowed: "from 1 to 10" },
  tumblingWindowInSeconds: { default: 0, allows: (n) => n >= 0 && n <= 900, allowed: "from 0 to 900" },
  maximumRetryAttempts: { default: -1, allows: (n) => n >= -1 && n <= 10_000, allowed: "from -1 to 10000" },
  maximumRecordAgeInSeconds: {
    default: -1,
    allows: (n) => n === -1 || (n >= 60 && n <= 604_800),
    allowed: "from 60 to 604800, or -1",
  },
} satisfies Record<string, { default: number; allows: (n: number) => boolean; allowed: string }>;

const flags = { bisectBatchOnFunctionError: false, enabled: true };

const others = ["startingPosition", "functionResponseTypes", "filterCriteria", "destinationConfig"];

/** Whose stream and function the mapping joins: given to `startMapping` in other ways. */
const identity = ["eventSourceArn", "functionName"];

/** Accepted, without an effect on this machine: encryption of the filters at rest, metrics, tags, the provider's own behaviour. */
const ignored = ["kmsKeyArn", "metricsConfig", "region", "tags", "tagsAll", "useResourceTimeoutForPropagation"];

/** For other event sources: AWS refuses them with a DynamoDB stream. */
const foreign = [
  "amazonManagedKafkaEventSourceConfig",
  "documentDbEventSourceConfig",
  "provisionedPollerConfig",
  "queues",
  "scalingConfig",
  "selfManagedEventSource",
  "selfManagedKafkaEventSourceConfig",
  "sourceAccessConfigurations",
  "startingPositionTimestamp",
  "topics",
];

const accepted = new Set([...Object.keys(wholeNumbers), ...Object.keys(flags), ...others, ...identity, ...ignored]);

/**
 * Checks the inputs of an `aws.lambda.EventSourceMapping` as AWS does and fills AWS's defaults in. Ranges and defaults:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html and the API's CreateEventSourceMapping.
 * @param name what the error calls the mapping
 * @throws UserError with a line for each problem
 */
export function mappingSettings(
  inputs: Readonly<Record<string, unknown>>,
  name = "event source mapping",
): MappingSettings {
  const problems: string[] = [];
  for (const key of Object.keys(inputs).filter((key) => inputs[key] !== undefined && !accepted.has(key))) {
    problems.push(
      foreign.includes(key)
        ? `${key}: not an argument for a DynamoDB stream; leave it out`
        : `${key}: not an argument that the local event source mapping knows`,
    );
  }

  const number = (key: keyof typeof wholeNumbers): number => {
    const rule = wholeNumbers[key];
    const value = inputs[key] ?? rule.default;
    if (typeof value === "number" && Number.isInteger(value) && rule.allows(value)) return value;
    problems.push(`${key}: ${shown(value)} is not a whole number ${rule.allowed}`);
    return rule.default;
  };
  const flag = (key: keyof typeof flags): boolean => {
    const value = inputs[key] ?? flags[key];
    if (typeof value === "boolean") return value;
    problems.push(`${key}: ${shown(value)} is neither true nor false`);
    return flags[key];
  };

  const settings: MappingSettings = {
    batchSize: number("batchSize"),
    maximumBatchingWindowInSeconds: number("maximumBatchingWindowInSeconds"),
    parallelizationFactor: number("parallelizationFactor"),
    tumblingWindowInSeconds: number("tumblingWindowInSeconds"),
    bisectBatchOnFunctionError: flag("bisectBatchOnFunctionError"),
    maximumRetryAttempts: number("maximumRetryAttempts"),
    maximumRecordAgeInSeconds: number("maximumRecordAgeInSeconds"),
    functionResponseTypes: responseTypes(inputs.functionResponseTypes, problems),
    startingPosition: position(inputs.startingPosition, problems),
    filterCriteria: { filters: patterns(inputs.filterCriteria, problems) },
    destinationConfig: destination(inputs.destinationConfig, problems),
    enabled: flag("enabled"),
  };
  // Not in AWS's documentation, but reported by users (https://github.com/terraform-aws-modules/terraform-aws-lambda/issues/619).
  if (settings.tumblingWindowInSeconds > 0 && settings.parallelizationFactor > 1) {
    problems.push(
      `parallelizationFactor: ${settings.parallelizationFactor} does not go together with tumblingWindowInSeconds; use 1, or no tumbling window`,
    );
  }
  if (problems.length > 0) throw new UserError(`${name}:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  return settings;
}

function responseTypes(value: unknown, problems: string[]): readonly "ReportBatchItemFailures"[] {
  const types = value ?? [];
  if (Array.isArray(types) && types.length <= 1 && types.every((type) => type === "ReportBatchItemFailures"))
    return types;
  problems.push(`functionResponseTypes: ${shown(types)} is neither [] nor ["ReportBatchItemFailures"]`);
  return [];
}

function position(value: unknown, problems: string[]): MappingSettings["startingPosition"] {
  if (value === "TRIM_HORIZON" || value === "LATEST") return value;
  problems.push(`startingPosition: ${value === undefined ? "missing" : shown(value)}; use TRIM_HORIZON or LATEST`);
  return "TRIM_HORIZON";
}
