import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clients } from "../../../operate/stack/clients.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { DeliveryFailure } from "../firehose/delivery-error.ts";
import type { Firehose, FirehoseOptions, StreamRole } from "../firehose/firehose.ts";
import type { Principal } from "../gateway/service-call.ts";
import type { Right } from "../iam/role.ts";
import { stagingRights } from "../iam/service-rights.ts";
import type { Redshift } from "../redshift/redshift.ts";
import type { Lazy } from "./lazy.ts";

/** The Firehose stand-in behind an address of its own. */
export interface FirehoseServer {
  readonly endpoint: string;
  readonly firehose: Firehose;
  stop(): Promise<void>;
}

export interface FirehoseServerOptions extends Pick<FirehoseOptions, "faults" | "intervalScale"> {
  readonly redshift: Lazy<Redshift>;
  /** Secret strings by ARN. */
  readonly secrets: ReadonlyMap<string, string>;
  /** As whom each delivery stream calls AWS, its role apart, by the stream's name. */
  readonly deliveryStreams: ReadonlyMap<string, Principal>;
  clients(as: Principal): Clients;
  /** Why a delivery stream's role cannot do something; undefined if it can. */
  denialOf(as: StreamRole, rights: readonly Right[]): string | undefined;
}

export async function startFirehose({
  redshift,
  secrets,
  deliveryStreams,
  clients,
  denialOf,
  ...rest
}: FirehoseServerOptions): Promise<FirehoseServer> {
  const { Firehose } = await import("../firehose/firehose.ts"); // most programs have no need of it
  const firehose = new Firehose({
    ...rest,
    s3: ({ stream, roleArn }) =>
      clients({ ...(deliveryStreams.get(stream) ?? { kind: "firehose", name: stream }), roleArn }).s3,
    obstacle: ({ bucketArn, prefix }, as) => denialOf(as, stagingRights(bucketArn, prefix)),
    redshift: await redshift.get(),
    async secrets(arn: string, as: StreamRole) {
      const denied = denialOf(as, [{ action: "secretsmanager:GetSecretValue", resource: arn }]);
      // Which code Firehose has for this is not documented: it is what keeps it from logging in.
      if (denied !== undefined) throw new DeliveryFailure("Redshift.AuthenticationFailed", denied);
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
