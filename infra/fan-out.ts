import * as pulumi from "@pulumi/pulumi";
import type { AlarmArgs } from "./consumer/alarm-table.ts";
import { Consumer } from "./consumer/consumer.ts";
import type { ProvisionContext, Sink } from "./kind.ts";
import { AlarmTopic } from "./parts/alarm-topic.ts";
import { allSecret, secrets } from "./parts/all-secret.ts";
import type { AlarmSettings } from "./settings/alarms.ts";
import { adoptSource, createSource, type Source } from "./source.ts";
import type { Destination } from "./stack/destination.ts";
import type { Settings } from "./stack/settings.ts";
import { Turns } from "./turns.ts";

/** Where a destination's changes run, and where they arrive. */
interface DestinationOutputs {
  readonly kind: string;
  /** Name of the function that feeds it. */
  readonly function: pulumi.Output<string>;
  /** Name of the function's log group. */
  readonly logGroup: pulumi.Output<string>;
  /** UUID of the event source mapping. */
  readonly mapping: pulumi.Output<string>;
  /** URL of the queue that receives what could not be delivered. */
  readonly failureQueue: pulumi.Output<string>;
  /** Names of the alarms that watch its function, its failure queue and what else it has, by what they watch for. */
  readonly alarms: Readonly<Record<string, pulumi.Output<string>>>;
  /** What the kind says about its sink. */
  readonly sink: Readonly<Record<string, pulumi.Output<string>>>;
}

/** A DynamoDB table whose changes go to several destinations. */
export class FanOut extends pulumi.ComponentResource {
  /** Name of the source table. */
  readonly table: pulumi.Output<string>;
  /** ARN of the table's stream. */
  readonly stream: pulumi.Output<string>;
  /** The topic that the alarms notify, if there is one. */
  readonly alarms: { readonly topicArn?: pulumi.Output<string> };
  /** The destinations by name. */
  readonly destinations: Readonly<Record<string, DestinationOutputs>>;

  constructor(name: string, args: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:FanOut", name, {}, opts);
    const isSecret = (...settings: readonly string[]) => settings.some((one) => args.secret.has(one));
    /** The options of a child that is made of these settings. */
    const of = (...settings: readonly string[]) => ({
      parent: this,
      ...(isSecret(...settings) ? { transformations: [allSecret] } : {}),
    });
    const source: Source =
      "adopt" in args.source
        ? adoptSource(args.source.adopt, args.source.writes)
        : createSource(`${name}-table`, args.source.create, of("source"));
    const topicArn = topicOf(`${name}-alarms`, args.alarms, of("alarms"));
    const notified = sealed(topicArn === undefined ? {} : { topicArn }, isSecret("alarms"));
    const alarms: AlarmArgs | undefined = args.alarms.enabled ? { ...thresholds(args.alarms), ...notified } : undefined;
    const watched = args.alarms.enabled ? { alarms: notified } : {};
    const context = { source, turns: new Turns(), ...watched };
    const outputs: Record<string, DestinationOutputs> = {};
    for (const settings of args.consumers) {
      const destinations = settings.destinations.map((destination) => ({
        name: destination.name,
        kind: destination.kind,
        sink: provision(`${name}-${destination.name}`, destination, context, of("source", "destinations")),
      }));
      const consumer = new Consumer(
        `${name}-${settings.name}`,
        { ...settings, source, destinations, ...(alarms === undefined ? {} : { alarms }) },
        of("source", "destinations", "alarms"),
      );
      for (const { name, kind, sink } of destinations)
        outputs[name] = {
          kind,
          function: consumer.functionName,
          logGroup: consumer.logGroupName,
          mapping: consumer.mappingId,
          failureQueue: consumer.failureQueue.url,
          alarms: { ...consumer.alarms, ...sink.alarms },
          sink: sealed(sink.outputs, isSecret("source", "destinations")),
        };
    }
    const { tableName, streamArn } = source;
    const { table, stream } = sealed({ table: tableName, stream: streamArn }, isSecret("source"));
    this.table = table;
    this.stream = stream;
    this.alarms = notified;
    this.destinations = outputs;
    this.registerOutputs({ table: this.table, stream: this.stream, alarms: notified, destinations: outputs });
  }
}

/** Outputs that stay as they are, or are kept secret. */
function sealed<Outputs extends Readonly<Record<string, pulumi.Output<string>>>>(
  outputs: Outputs,
  isSecret: boolean,
): Outputs {
  return isSecret ? (secrets(outputs) as Outputs) : outputs;
}

function topicOf(
  name: string,
  { enabled, email, topicArn }: AlarmSettings,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> | undefined {
  if (!enabled) return undefined;
  if (email !== undefined) return new AlarmTopic(name, { email }, opts).arn;
  return topicArn === undefined ? undefined : pulumi.output(topicArn);
}

function thresholds({ oldestFailureHours, iteratorAgeMinutes }: AlarmSettings): AlarmArgs {
  return { oldestFailureHours, iteratorAgeMinutes };
}

/** Groups the resources of one destination, so that their names need only be unique within their kind. */
class DestinationGroup extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("fanout:index:Destination", name, {}, opts);
  }

  /** Marks the group as complete. */
  close(outputs: Sink["outputs"]): void {
    this.registerOutputs(outputs);
  }
}

/** Makes a destination's resources as its kind says, grouped under one component. */
function provision(
  name: string,
  { name: destination, definition, settings }: Destination,
  context: Pick<ProvisionContext, "source" | "turns" | "alarms">,
  opts: pulumi.ComponentResourceOptions,
): Sink {
  const group = new DestinationGroup(name, opts);
  const sink = definition.provision(settings, { ...context, name, destination, parent: group });
  group.close(sink.outputs);
  return sink;
}
