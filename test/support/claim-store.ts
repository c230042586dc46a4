import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { startFauxqs } from "fauxqs";
import type { ClaimSettings } from "../../handlers/core/claim-check.ts";
import { type Faults, startFaults } from "./faults.ts";

/** A bucket for the bodies of oversize changes, on whose way faults can happen. */
export interface ClaimStore {
  /** Where handlers find S3. */
  readonly endpoint: string;
  readonly faults: Faults;
  readonly claims: ClaimSettings;
  /** The text of an object; rejects when there is none. */
  read(key: string): Promise<string>;
  /** The text of the object that an s3:// URI leads to. */
  readUri(uri: string): Promise<string>;
  /** The keys of all objects. */
  keys(): Promise<string[]>;
  contentType(key: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

const bucket = "claims-of-a-test";

/** Starts S3 with such a bucket, on free ports. */
export async function startClaimStore(seed: number): Promise<ClaimStore> {
  const fauxqs = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
  const endpoint = `http://127.0.0.1:${fauxqs.port}`;
  fauxqs.createBucket(bucket);
  const faults = await startFaults(endpoint, seed);
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const client = new S3Client({ endpoint, region: "us-east-1", credentials });
  const get = (Key: string) => client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  const read = async (key: string) => (await (await get(key)).Body?.transformToString()) ?? "";
  return {
    endpoint: faults.endpoint,
    faults,
    claims: { bucket, prefix: "claims/" },
    read,
    readUri(uri) {
      const start = `s3://${bucket}/`;
      if (!uri.startsWith(start)) throw new Error(`${uri} is not in ${start}`);
      return read(uri.slice(start.length));
    },
    async keys() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key }) => Key!);
    },
    contentType: async (key) => (await get(key)).ContentType,
    async stop() {
      client.destroy();
      await faults.stop();
      await fauxqs.stop();
    },
  };
}
