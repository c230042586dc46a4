import { randomUUID } from "node:crypto";
import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import type { DynamoDBStreamEvent } from "aws-lambda";
import type { Clients } from "../../../operate/clients.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { arn } from "../aws.ts";
import { withEvents } from "../events.ts";
import type { LocalFunction } from "../function/function.ts";
import type { Right } from "../iam/role.ts";
import { streamRights } from "../iam/service-rights.ts";
import { destinationOf } from "../mapping/destinations.ts";
import type { FailureRecord } from "../mapping/give-up.ts";
import { startMapping } from "../mapping/mapping.ts";
import type { MappingOptions } from "../mapping/options.ts";
import { backoff } from "../mapping/retry.ts";
import { type MappingSettings, mappingSettings } from "../mapping/settings.ts";
import { acceptShape, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";
import { functionOf } from "./lambda-access.ts";
import { mustAllow } from "./role-checks.ts";

const shapes = {
  destinationConfig: { onFailure: { destinationArn: true } },
  filterCriteria: { filters: { pattern: true } },
  metricsConfig: { metrics: true },
} as const;

/** A mapping that reads a table's stream and feeds a function. */
export const eventSourceMapping: LocalResource = {
  async create({ inputs, name, region }, world) {
    for (const [key, shape] of Object.entries(shapes)) acceptShape(inputs[key], key, shape);
    const settings = mappingSettings(inputs, name);
    const streamArn = String(inputs.eventSourceArn);
    const target = functionOf(String(inputs.functionName), "functionName", world);
    const uuid = randomUUID();
    const { filterCriteria: _, destinationConfig: __, ...plain } = settings;
    await connect({ uuid, settings, streamArn, target, region }, world);
    return {
      id: uuid,
      outputs: {
        ...plain,
        uuid,
        arn: arn("lambda", region, `event-source-mapping:${uuid}`),
        functionArn: target.arn,
        functionName: inputs.functionName,
        state: settings.enabled ? "Enabled" : "Disabled",
        stateTransitionReason: "User action",
        lastModified: new Date().toISOString(),
        lastProcessingResult: "No records processed",
      },
    };
  },
};

interface Connection {
  readonly uuid: string;
  readonly settings: MappingSettings;
  readonly streamArn: string;
  readonly target: LocalFunction;
  readonly region: string;
}

/** Starts the reader that feeds a function from a stream. It calls AWS in the function's role, as Lambda does. */
async function connect(connection: Connection, world: World): Promise<void> {
  const { uuid, settings, streamArn, target, region } = connection;
  const roleArn = world.functionRoles.get(target.arn);
  const { name, logicalName = name } = target;
  const principal = { kind: "mapping", name, logicalName, ...(roleArn === undefined ? {} : { roleArn }) } as const;
  const clients = world.clientsAs(principal, region);
  const { streams } = clients;
  await mustAllow(world, roleArn, streamRights(streamArn), region, () => noAccess(streamArn));
  try {
    await streams.send(new DescribeStreamCommand({ StreamArn: streamArn, Limit: 1 }));
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    throw new UserError(`Stream not found: ${streamArn}`);
  }
  for (const other of world.mappings.values()) {
    if (other.streamArn !== streamArn || other.functionName !== target.name) continue;
    throw new UserError(
      `ResourceConflictException: The event source arn (" ${streamArn} ") and function (" ${target.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
    );
  }
  const destination = await failureDestination(connection, clients, roleArn, world);
  const options: MappingOptions = {
    uuid,
    functionArn: target.arn,
    streamArn,
    region,
    // Only waiting takes less or more time than on AWS: records age and functions run in real time.
    settings: {
      ...settings,
      maximumBatchingWindowInSeconds: settings.maximumBatchingWindowInSeconds * world.timeScale,
    },
    backoff: (failures) => backoff(failures) * world.timeScale,
    timeScale: world.timeScale,
    onProblem: ({ message }) => world.onProblem(message),
    streams,
    invoke: (event) => target.invoke(event),
    ...(destination && {
      sendToFailureDestination: (record: FailureRecord, event: DynamoDBStreamEvent) => destination.send(record, event),
    }),
  };
  const mapping = startMapping(withEvents(target.name, world.onEvent, options));
  world.mappings.set(uuid, { mapping, uuid, functionName: target.name, streamArn, settings });
  await mapping.started();
}

/** The destination for what could not be delivered, reached as the function's role. */
async function failureDestination(
  { settings, uuid, region }: Connection,
  clients: Clients,
  roleArn: string | undefined,
  world: World,
) {
  const arn = settings.destinationConfig.onFailure?.destinationArn;
  if (arn === undefined) return undefined;
  const destination = destinationOf({ arn, uuid, clients, endpoint: world.gateway.endpoint });
  await mustAllow(world, roleArn, destination.rights, region, cannotTell);
  try {
    await destination.check?.();
  } catch (error) {
    throw new UserError(
      `\`destinationConfig.onFailure.destinationArn\` is ${arn}, which the function's role cannot reach: ${(error as Error).name}. ` +
        "The bucket must exist, and the role needs s3:ListBucket on it and s3:PutObject on its objects.",
    );
  }
  return destination;
}

function noAccess(streamArn: string): string {
  return `InvalidParameterValueException: Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`;
}

function cannotTell({ action }: Right): string {
  const [service = "", operation] = action.split(":");
  return `InvalidParameterValueException: The function execution role does not have permissions to call ${operation} on ${service.toUpperCase()}`;
}
