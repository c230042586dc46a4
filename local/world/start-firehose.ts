import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Firehose, FirehoseOptions } from "../firehose/firehose.ts";
import type { Principal } from "../gateway/service-call.ts";
import type { Redshift } from "../redshift/redshift.ts";
import { UserError } from "../user-error.ts";
import type { Clients } from "./clients.ts";
import type { Lazy } from "./lazy.ts";

/** The Firehose stand-in behind an address of its own. */
export interface FirehoseServer {
  readonly endpoint: string;
  readonly firehose: Firehose;
  stop(): Promise<void>;
}

export interface FirehoseSurroundings extends Pick<FirehoseOptions, "faults" | "intervalScale"> {
  readonly redshift: Lazy<Redshift>;
  /** Secret strings by ARN. */
  readonly secrets: ReadonlyMap<string, string>;
  clients(as: Principal): Clients;
}

export async function startFirehose({
  redshift,
  secrets,
  clients,
  ...rest
}: FirehoseSurroundings): Promise<FirehoseServer> {
  const { Firehose } = await import("../firehose/firehose.ts"); // most programs have no need of it
  const firehose = new Firehose({
    ...rest,
    s3: clients({ kind: "engine", name: "firehose" }).s3,
    redshift: await redshift.get(),
    async secrets(arn: string) {
      const value = secrets.get(arn);
      if (value === undefined) throw new UserError(`the secret ${arn} has no value`);
      return value;
    },
  });
  const server = createServer((request, response) => void firehose.handle(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    firehose,
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all([once(server, "close"), firehose.stop()]);
    },
  };
}
