import { randomUUID } from "node:crypto";

/** What makes the keys of a delivery stream's objects. */
export interface KeyParts {
  /** What the stream was told to begin with; a slash at its end makes a folder. */
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

/** Where the list of the objects goes that could not be loaded: AWS documents `errors/`, and users have seen `errors/manifests/`. */
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
