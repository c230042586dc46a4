import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { DynamoDBRecord } from "aws-lambda";
import { type Engine, type UpOptions, up } from "../../../../local/engine/engine.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";

/** The folder with the programs that tests bring up. */
export const root = "test/fixtures/programs";

/** What `relay.ts` exports. */
export interface RelayOutputs {
  readonly tableName: string;
  readonly tableArn: string;
  readonly streamArn: string;
  readonly queueUrl: string;
  readonly failuresUrl: string;
  readonly functionName: string;
  readonly mappingId: string;
}

/** `relay.ts` on this machine: a table whose changes a function sends on to a queue. */
export class Relay {
  readonly engine: Engine;
  readonly outputs: RelayOutputs;

  static async up(options: UpOptions = {}): Promise<Relay> {
    const { endpoint } = await sharedDynamoDb();
    return new Relay(await up({ root, program: "relay.ts", dynamoDbEndpoint: endpoint, ...options }));
  }

  private constructor(engine: Engine) {
    this.engine = engine;
    this.outputs = engine.outputs as unknown as RelayOutputs;
  }

  async put(id: string, more = {}): Promise<void> {
    const Item = { id: { S: id }, ...more };
    await this.engine.clients.dynamodb.send(new PutItemCommand({ TableName: this.outputs.tableName, Item }));
  }

  async remove(id: string): Promise<void> {
    const Key = { id: { S: id } };
    await this.engine.clients.dynamodb.send(new DeleteItemCommand({ TableName: this.outputs.tableName, Key }));
  }

  /** The bodies of all messages in a queue, which is empty then. */
  async receive(QueueUrl: string): Promise<string[]> {
    const { sqs } = this.engine.clients;
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  /** The changes that have arrived, once all have. */
  async changes(): Promise<DynamoDBRecord[]> {
    await this.engine.idle();
    return (await this.receive(this.outputs.queueUrl)).map((body) => JSON.parse(body));
  }
}
