import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Sink } from "../kind.ts";
import { archiveOf, runsBundles } from "../parts/bundle-entry.ts";
import { longestRetention, SecureQueue } from "../parts/secure-queue.ts";
import type { FunctionSettings } from "../settings/function.ts";
import type { MappingSettings } from "../settings/mapping.ts";
import type { Source } from "../source.ts";
import type { AlarmArgs, AlarmName } from "./alarm-table.ts";
import { makeAlarms } from "./alarms.ts";
import { bundle } from "./bundle.ts";
import { handlerSettings, variables } from "./handler-settings.ts";
import { makeRole } from "./role.ts";

/** A destination whose resources have been made. */
interface ProvisionedDestination {
  readonly name: string;
  readonly kind: string;
  readonly sink: Sink;
}

/** What a consumer is made of. */
interface ConsumerArgs {
  readonly source: Source;
  /** The destinations that it feeds; at least one. */
  readonly destinations: readonly ProvisionedDestination[];
  readonly mapping: MappingSettings;
  /** Event filter patterns as JSON text; none delivers every change. */
  readonly filters: readonly string[];
  readonly function: FunctionSettings;
  /** How it is watched; without it, it has no alarms. */
  readonly alarms?: AlarmArgs;
}

/** One reader of the stream: a function with its role and log, the mapping that feeds it, the queue for what it could not deliver, and their alarms. */
export class Consumer extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly functionArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;
  /** The mapping's UUID. */
  readonly mappingId: pulumi.Output<string>;
  readonly failureQueue: SecureQueue;
  /** The alarms' names, by what they watch for. */
  readonly alarms: Readonly<Partial<Record<AlarmName, pulumi.Output<string>>>>;

  constructor(name: string, args: ConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:Consumer", name, {}, opts);
    const child = { parent: this };
    const { source, destinations } = args;
    const failureQueue = new SecureQueue(`${name}-failures`, { messageRetentionSeconds: longestRetention }, child);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { retentionInDays: args.function.logRetentionDays },
      child,
    );
    const { role, policy } = makeRole(
      name,
      {
        streamArn: source.streamArn,
        logGroupArn: logGroup.arn,
        failureQueueArn: failureQueue.arn,
        kmsKeyArn: source.kmsKeyArn,
        grants: destinations.flatMap(({ sink }) => sink.grants),
      },
      child,
    );
    const { reservedConcurrentExecutions } = args.function;
    const { file, late } = handlerSettings(
      destinations.map(({ sink, ...one }) => ({ ...one, settings: sink.settings })),
    );
    const handler = new aws.lambda.Function(
      `${name}-function`,
      {
        ...runsBundles,
        code: code(destinations, { destinations: file, source }),
        role: role.arn,
        memorySize: args.function.memorySize,
        timeout: args.function.timeout,
        ...(reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions }),
        environment: { variables: variables(late, pulumi.jsonStringify) },
        loggingConfig: {
          logFormat: "JSON",
          applicationLogLevel: args.function.logLevel,
          // REPORT lines, with each invocation's duration and memory, are INFO.
          systemLogLevel: "INFO",
          logGroup: logGroup.name,
        },
      },
      // Code with a further destination must not run before the role may reach that destination.
      { ...child, dependsOn: [policy] },
    );
    const mapping = new aws.lambda.EventSourceMapping(
      `${name}-mapping`,
      {
        eventSourceArn: source.streamArn,
        functionName: handler.arn,
        ...args.mapping,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: failureQueue.arn } },
        ...(args.filters.length === 0
          ? {}
          : { filterCriteria: { filters: args.filters.map((pattern) => ({ pattern })) } }),
      },
      // Lambda checks the role's rights while it makes the mapping, and may deliver at once.
      {
        ...child,
        dependsOn: [policy, failureQueue, ...destinations.flatMap(({ sink }) => sink.dependsOn)],
        // It says where a new mapping begins. A change would replace this one by another of the same stream and function,
        // made before this one is gone, which AWS refuses.
        ignoreChanges: ["startingPosition"],
      },
    );
    const watched = {
      functionName: handler.name,
      failureQueueName: failureQueue.name,
      maximumRecordAgeInSeconds: args.mapping.maximumRecordAgeInSeconds,
    };
    this.alarms = args.alarms === undefined ? {} : makeAlarms(name, { ...args.alarms, ...watched }, child);
    this.functionName = handler.name;
    this.functionArn = handler.arn;
    this.logGroupName = logGroup.name;
    this.mappingId = mapping.uuid;
    this.failureQueue = failureQueue;
    this.registerOutputs({
      functionName: this.functionName,
      functionArn: this.functionArn,
      logGroupName: this.logGroupName,
      mappingId: this.mappingId,
      failureQueueUrl: failureQueue.url,
      alarms: this.alarms,
    });
  }
}

/** The function's code: what it does, what it feeds, and what a record does not say of its table, where anything depends on it. */
function code(
  kinds: readonly ProvisionedDestination[],
  { destinations, source }: { destinations: string; source: Source },
): pulumi.asset.AssetArchive {
  const { writes, ttlAttribute } = source;
  return archiveOf({
    ...bundle(kinds.map(({ kind }) => kind)),
    "destinations.json": destinations,
    "source.json": JSON.stringify(writes === undefined ? {} : { writes, ttlAttribute }),
  });
}
