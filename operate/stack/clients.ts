import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Credentials } from "../../local/engine/gateway/gateway.ts";
import { streamsClient } from "../stream/streams-client.ts";

/** SDK clients that speak through the gateway as one caller. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly lambda: LambdaClient;
  /** Closes their connections. */
  destroy(): void;
}

export function makeClients(options: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Omit<Credentials, "sessionToken"> & Partial<Credentials>;
}): Clients {
  const { endpoint, region, credentials } = options;
  const config = { endpoint, region, credentials };
  const clients = {
    dynamodb: new DynamoDBClient(config),
    streams: streamsClient(config),
    sqs: new SQSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sns: new SNSClient(config),
    lambda: new LambdaClient(config),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
