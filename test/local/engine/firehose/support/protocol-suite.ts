import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { RecordEvent } from "../../../../../local/engine/firehose/faults.ts";
import { Firehose } from "../../../../../local/engine/firehose/firehose.ts";
import type { Warehouse } from "../../../../../local/engine/firehose/loader.ts";
import type { Storage } from "../../../../../local/engine/firehose/staging.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamInputs } from "./stream-inputs.ts";

const unused = new Proxy({}, { get: () => () => Promise.reject(new Error("nothing is delivered here")) });

/**
 * Starts, for the tests of one `describe`, a Firehose with the streams `main` and `sealed` that never deliver. Records
 * whose text is `slow`, `taken` or `broken` meet faults.
 */
export function protocolSuite() {
  /** The records that faults were looked up for. */
  const asked: RecordEvent[] = [];
  let server: Server;
  let client: FirehoseClient;
  let firehose: Firehose;
  let endpoint: string;

  before(async () => {
    firehose = new Firehose({
      s3: () => unused as Storage,
      redshift: unused as Warehouse,
      secrets: () => Promise.reject(new Error("no secrets")),
      clock: new ManualClock(),
      faults: {
        record(event) {
          asked.push(event);
          const text = event.data.toString();
          if (text === "broken") throw new Error("the faults are faulty");
          if (text === "slow") return { errorCode: "ServiceUnavailableException" };
          if (text === "taken") return { errorCode: "InternalFailure", taken: true };
          return undefined;
        },
      },
    });
    firehose.createDeliveryStream(streamInputs("main"));
    firehose.createDeliveryStream({
      ...streamInputs("sealed", { dataTableColumns: "a" }),
      region: "eu-west-1",
      serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
    });
    server = createServer((request, response) => void firehose.handle(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new FirehoseClient({
      endpoint,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  after(async () => {
    client.destroy();
    await firehose.stop();
    server.close();
    await once(server, "close");
  });

  return {
    asked,
    get client() {
      return client;
    },
    get endpoint() {
      return endpoint;
    },
    get firehose() {
      return firehose;
    },
    put: (DeliveryStreamName: string, records: readonly (string | Buffer)[]) =>
      client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName,
          Records: records.map((data) => ({ Data: Buffer.from(data) })),
        }),
      ),
  };
}

/** How a call was refused. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> {
  const error = await work.then(
    () => undefined,
    (reason) => reason as Error & { $metadata?: { httpStatusCode?: number } },
  );
  if (error === undefined) throw new Error("it was not refused");
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
}
