import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { account, resourceOf } from "../aws.ts";
import type { LocalFunction } from "../function/function.ts";
import { backoff } from "../mapping/backoff.ts";
import { startMapping } from "../mapping/mapping.ts";
import type { MappingSettings } from "../mapping/settings.ts";
import { UserError } from "../user-error.ts";
import type { World } from "../world/world.ts";

export interface Connection {
  readonly uuid: string;
  readonly settings: MappingSettings;
  readonly streamArn: string;
  readonly target: LocalFunction;
  readonly region: string;
}

/** Starts the reader that feeds a function from a stream. It calls AWS in the function's role, as Lambda does. */
export async function connect({ uuid, settings, streamArn, target, region }: Connection, world: World): Promise<void> {
  const roleArn = world.functionRoles.get(target.arn);
  const { name, logicalName = name } = target;
  const principal = { kind: "mapping", name, logicalName, ...(roleArn === undefined ? {} : { roleArn }) } as const;
  const { streams, sqs } = world.clientsAs(principal, region);
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
  const destination = settings.destinationConfig.onFailure?.destinationArn;
  const queueUrl = destination && queueUrlOf(destination, world);
  const mapping = startMapping({
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
    onProblem: ({ message }) => world.onProblem(message),
    streams,
    invoke: (event) => target.invoke(event),
    ...(queueUrl
      ? {
          async sendToFailureDestination(record: unknown) {
            await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(record) }));
          },
        }
      : {}),
    isTtlDelete: (record) => world.expiryMarks.has(streamArn, record.dynamodb?.SequenceNumber),
  });
  world.mappings.set(uuid, { mapping, uuid, functionName: target.name, streamArn });
  await mapping.started();
}

function queueUrlOf(arn: string, world: World): string {
  if (arn.split(":")[2] === "sqs") return `${world.gateway.endpoint}/${account}/${resourceOf(arn)}`;
  throw new UserError(
    `\`destinationConfig.onFailure.destinationArn\` is ${arn}: only SQS queues can be a mapping's failure destination on this machine yet.`,
  );
}
