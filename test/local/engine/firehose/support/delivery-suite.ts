import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { Firehose, type FirehoseOptions } from "../../../../../local/engine/firehose/firehose.ts";
import type { Redshift } from "../../../../../local/engine/redshift/redshift.ts";
import { sharedRedshift } from "../../../../support/redshift.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamInputs } from "./stream-inputs.ts";

const secret = JSON.stringify({ username: "loader", password: "Loader1234", engine: "redshift" });

/** Starts, for the tests of one `describe`, what streams deliver to; each test makes a stream of its own and sends to it. */
export function deliverySuite() {
  let fauxqs: FauxqsServer;
  let s3: S3Client;
  let redshift: Redshift;
  let client: FirehoseClient;
  let server: Server;
  let firehose: Firehose;
  let streams = 0;

  before(async () => {
    fauxqs = await startFauxqs({ port: 0, logger: false });
    fauxqs.createBucket("staging");
    fauxqs.createBucket("backup");
    s3 = new S3Client({
      endpoint: `http://127.0.0.1:${fauxqs.port}`,
      region: "us-east-1",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    redshift = await sharedRedshift();
    await redshift.execute(
      "CREATE USER loader PASSWORD 'sha256|Loader1234'; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO loader",
    );
    server = createServer((request, response) => void firehose.handle(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new FirehoseClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  afterEach(() => firehose.stop());

  after(async () => {
    client.destroy();
    s3.destroy();
    server.close();
    await once(server, "close");
    await fauxqs.stop();
  });

  return {
    get s3() {
      return s3;
    },
    get redshift() {
      return redshift;
    },

    /** A Firehose with a stream of its own, and a table of its own that the loader may fill. */
    async stream(
      options: Partial<FirehoseOptions> = {},
      redshiftInputs: Record<string, unknown> = {},
      s3Inputs: Record<string, unknown> = {},
    ) {
      streams += 1;
      const [name, table, prefix] = [`stream${streams}`, `s.t${streams}`, `in${streams}/`];
      await redshift.execute(`CREATE TABLE ${table} (id varchar(9), doc super); GRANT INSERT ON ${table} TO loader`);
      firehose = new Firehose({
        s3: () => s3,
        redshift,
        secrets: async () => secret,
        clock: new ManualClock(),
        ...options,
      });
      firehose.createDeliveryStream(
        streamInputs(name, { dataTableName: table, ...redshiftInputs }, { prefix, ...s3Inputs }),
      );
      return { firehose, name, table, prefix };
    },

    put: (name: string, rows: readonly unknown[]) =>
      client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: name,
          Records: rows.map((row) => ({ Data: Buffer.from(JSON.stringify(row)) })),
        }),
      ),

    rows: (table: string) => redshift.query(`SELECT * FROM ${table} ORDER BY id`),

    async keys(bucket: string, prefix: string): Promise<string[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
      return Contents.map(({ Key }) => Key ?? "");
    },

    async object(bucket: string, key: string): Promise<Buffer> {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
  };
}

/** Resolves once the condition holds; each turn lets everything else go on. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}
