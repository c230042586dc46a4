import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import type { Workload, Write } from "./workload.ts";

const chunkSize = 25; // BatchWriteItem's limit
const writers = 4;

/** Writes the waves one after the other, telling after each chunk how many writes are done, and returns that number. */
export async function writeWorkload(
  client: DynamoDBClient,
  tableName: string,
  { waves }: Pick<Workload, "waves">,
  done: (writes: number) => void,
): Promise<number> {
  let written = 0;
  for (const wave of waves) {
    const chunks = Array.from({ length: Math.ceil(wave.length / chunkSize) }, (_, i) =>
      wave.slice(i * chunkSize, (i + 1) * chunkSize),
    ).values();
    const writer = async () => {
      for (const chunk of chunks) {
        await writeChunk(client, tableName, chunk.map(request));
        written += chunk.length;
        done(written);
      }
    };
    await Promise.all(Array.from({ length: writers }, writer));
  }
  return written;
}

async function writeChunk(client: DynamoDBClient, tableName: string, requests: WriteRequest[]): Promise<void> {
  let left = requests;
  while (left.length > 0) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }));
    left = UnprocessedItems?.[tableName] ?? [];
  }
}

function request(write: Write): WriteRequest {
  return "put" in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: write.remove } };
}
