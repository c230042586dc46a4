import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { DeliveryFailure } from "./delivery-report.ts";
import { type BucketConfiguration, bucketName } from "./delivery-stream-inputs.ts";

/** What is needed of a client for S3. */
export type Storage = Pick<S3Client, "send">;

/** Where in S3 data is staged. */
export type Place = Pick<BucketConfiguration, "bucketArn" | "prefix">;

/** The place in S3 that one delivery stream writes to. */
export class Staging {
  readonly #storage: Storage;
  readonly #bucket: string;
  readonly #compressed: boolean;
  readonly #parts: KeyParts;
  readonly #denial: () => string | undefined;

  /** @param denialOf says why nothing may be staged there, if so */
  constructor(
    storage: Storage,
    configuration: BucketConfiguration,
    stream: Omit<KeyParts, "prefix">,
    denialOf: (place: Place) => string | undefined,
  ) {
    this.#denial = () => denialOf(configuration);
    this.#storage = storage;
    this.#bucket = bucketName(configuration);
    this.#compressed = configuration.compressionFormat === "GZIP";
    this.#parts = { ...stream, prefix: configuration.prefix };
  }

  /** Writes records one right after the other, without anything between them; returns the object's key. */
  async write(records: readonly Buffer[], now: number): Promise<string> {
    const joined = Buffer.concat(records);
    const key = objectKey(this.#parts, now, this.#compressed ? ".gz" : "");
    await this.#put(key, this.#compressed ? gzipSync(joined) : joined);
    return key;
  }

  /** Lists the objects of one COPY. */
  async list(keys: readonly string[], now: number): Promise<void> {
    await this.#put(manifestKey(this.#parts, now), manifest(this.#bucket, keys));
  }

  /** Lists objects that could not be loaded, so that they can be loaded later by hand. */
  async park(keys: readonly string[], now: number): Promise<void> {
    await this.#put(errorManifestKey(this.#parts, now), manifest(this.#bucket, keys));
  }

  /** Reads an object as COPY does: as it is. */
  async read(key: string): Promise<Buffer> {
    try {
      const { Body } = await this.#storage.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "AccessDenied") throw new DeliveryFailure("Redshift.S3BucketAccessDenied", message);
      if (name !== "NoSuchKey") throw error;
      throw new DeliveryFailure("Redshift.MissingS3File", `s3://${this.#bucket}/${key} is not there any more`);
    }
  }

  async #put(key: string, body: Buffer | string): Promise<void> {
    const denial = this.#denial();
    if (denial !== undefined) throw new DeliveryFailure("S3.AccessDenied", denial);
    await this.#storage.send(new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body }));
  }
}

/** What makes the keys of a delivery stream's objects. */
export interface KeyParts {
  /** What the keys begin with; a slash at its end makes a folder. */
  readonly prefix: string;
  readonly stream: string;
  /** The version of the stream's configuration. */
  readonly version: string;
}

/** `<prefix>YYYY/MM/DD/HH/<stream>-<version>-YYYY-MM-DD-HH-MM-SS-<uuid>`, in UTC, and `.gz` after it if compressed. */
export function objectKey(parts: KeyParts, now: number, suffix = ""): string {
  return `${parts.prefix}${name(parts, now)}${suffix}`;
}

/** Where the list of the objects of one COPY goes. AWS does not document the folder. */
export function manifestKey(parts: KeyParts, now: number): string {
  return `${parts.prefix}manifests/${name(parts, now)}`;
}

/** Where the list of objects goes that could not be loaded: AWS documents `errors/`, and users have seen `errors/manifests/`. */
export function errorManifestKey(parts: KeyParts, now: number): string {
  return `${parts.prefix}errors/manifests/${name(parts, now)}`;
}

/** The manifest that a `COPY ... MANIFEST` reads. */
export function manifest(bucket: string, keys: readonly string[]): string {
  return JSON.stringify({ entries: keys.map((key) => ({ url: `s3://${bucket}/${key}`, mandatory: true })) });
}

function name({ stream, version }: KeyParts, now: number): string {
  const [date, time] = new Date(now).toISOString().split(/[T.]/) as [string, string];
  const hour = time.slice(0, 2);
  return `${date.replaceAll("-", "/")}/${hour}/${stream}-${version}-${date}-${time.replaceAll(":", "-")}-${randomUUID()}`;
}
