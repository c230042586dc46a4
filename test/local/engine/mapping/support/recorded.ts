import { type AttributeValue, CreateTableCommand, PutItemCommand, type StreamViewType } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { engine } from "../../../../../local/engine/gateway/service-call.ts";
import { destinationOf } from "../../../../../local/engine/mapping/destinations.ts";
import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import type { Mapping, MappingOptions } from "../../../../../local/engine/mapping/options.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import { startWorld } from "../../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../../local/engine/world/world.ts";
import type { Clients } from "../../../../../operate/clients.ts";
import { sharedDynamoDb } from "../../../../support/dynamodb.ts";
import { FunctionFailure } from "./function.ts";

export const region = "eu-west-1";
const account = "000000000000";
export const functionArn = `arn:aws:lambda:${region}:${account}:function:recorded`;
export const mappingId = "6e5b3c1e-0000-4000-8000-000000000000";

/** How many things have been named: all files of a run share DynamoDB Local. */
let names = 0;

type Item = Record<string, AttributeValue>;

/** What the recorded cases have in common: DynamoDB Local and fauxqs behind the gateway, as the engine has them. */
export class RecordedAws {
  readonly world: World;
  readonly clients: Clients;
  readonly #mappings: Mapping[] = [];

  static async start(): Promise<RecordedAws> {
    const { endpoint } = await sharedDynamoDb();
    const silent = () => {};
    return new RecordedAws(
      await startWorld({ root: ".", region, dynamoDbEndpoint: endpoint, onUp: silent, onProblem: silent }),
    );
  }

  private constructor(world: World) {
    this.world = world;
    this.clients = world.clientsAs(engine, region);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.stop()));
    await this.world.stop();
  }

  /** A table with a string as its key. */
  async newTable(key: string, StreamViewType: StreamViewType) {
    names += 1;
    const TableName = `recorded-${process.pid}-${names}`;
    const { TableDescription } = await this.clients.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType },
      }),
    );
    const put = async (Item: Item) => void (await this.clients.dynamodb.send(new PutItemCommand({ TableName, Item })));
    return { name: TableName, streamArn: TableDescription!.LatestStreamArn!, put };
  }

  /** A queue, and what is in it. */
  async newQueue() {
    names += 1;
    const QueueName = `recorded-${names}`;
    const { QueueUrl } = await this.clients.sqs.send(new CreateQueueCommand({ QueueName }));
    const bodies = async () => {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await this.clients.sqs.send(receive);
      return Messages.map(({ Body }) => JSON.parse(Body!));
    };
    return { arn: `arn:aws:sqs:${region}:${account}:${QueueName}`, bodies };
  }

  /**
   * Runs a mapping until it is idle.
   * @param answer what the function answers; throwing a FunctionFailure fails the invocation
   * @returns the events that the function was invoked with
   */
  async run(
    streamArn: string,
    inputs: Record<string, unknown>,
    answer: (event: DynamoDBStreamEvent) => unknown,
    more: Partial<MappingOptions> = {},
  ): Promise<DynamoDBStreamEvent[]> {
    const events: DynamoDBStreamEvent[] = [];
    const settings = mappingSettings({ startingPosition: "TRIM_HORIZON", ...inputs });
    const arn = settings.destinationConfig.onFailure?.destinationArn;
    const { clients, world } = this;
    const place = { uuid: mappingId, clients, endpoint: world.gateway.endpoint };
    const destination = arn === undefined ? undefined : destinationOf({ arn, ...place });
    const mapping = startMapping({
      uuid: mappingId,
      functionArn,
      streamArn,
      region,
      settings: { ...settings, maximumBatchingWindowInSeconds: settings.maximumBatchingWindowInSeconds / 50 },
      streams: clients.streams,
      async invoke(event) {
        events.push(event);
        const requestId = `request-${events.length}`;
        try {
          return { payload: answer(event), functionError: null, requestId };
        } catch (error) {
          if (!(error instanceof FunctionFailure)) throw error;
          return { payload: { errorMessage: error.message }, functionError: "Unhandled", requestId };
        }
      },
      ...(destination && { sendToFailureDestination: (record, event) => destination.send(record, event) }),
      backoff: () => 1,
      onProblem: (problem) => {
        throw problem;
      },
      ...more,
    });
    this.#mappings.push(mapping);
    await mapping.idle();
    await mapping.stop();
    return events;
  }
}
