import { setTimeout } from "node:timers/promises";
import type { Clients } from "../../../operate/clients.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { DeliveryFailure } from "../firehose/delivery-report.ts";
import type { CopyEvent, CopyFault } from "../firehose/faults.ts";
import type { Firehose, FirehoseOptions, StreamRole } from "../firehose/firehose.ts";
import { delayed, type Fault, type FaultHook } from "../gateway/fault.ts";
import { copyCall, type Principal } from "../gateway/service-call.ts";
import type { Right } from "../iam/role.ts";
import { stagingRights } from "../iam/service-rights.ts";
import { type LoopbackServer, startLoopbackServer } from "../loopback.ts";
import type { Redshift } from "../redshift/redshift.ts";
import type { Lazy } from "./lazy.ts";

/** The Firehose stand-in behind an address of its own. */
export interface FirehoseServer extends LoopbackServer {
  readonly firehose: Firehose;
}

interface FirehoseServerOptions extends Pick<FirehoseOptions, "faults" | "intervalScale" | "onError"> {
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
    denialOf: ({ bucketArn, prefix }, as) => denialOf(as, stagingRights(bucketArn, prefix)),
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
  const { endpoint, stop } = await startLoopbackServer((request, response) => void firehose.handle(request, response));
  return { endpoint, firehose, stop: async () => void (await Promise.all([stop(), firehose.stop()])) };
}

/** Asks for faults of the COPYs that Firehose issues, as if each were a call that the delivery stream makes. */
export function copyFaults(
  hook: FaultHook | undefined,
  region: string,
  deliveryStreams: ReadonlyMap<string, Principal>,
) {
  return async ({ stream }: CopyEvent): Promise<CopyFault | undefined> => {
    const principal = deliveryStreams.get(stream) ?? { kind: "firehose", name: stream };
    const { milliseconds, fault } = delayed(hook?.(copyCall(principal, region)));
    if (milliseconds > 0) await setTimeout(milliseconds);
    return copyFault(fault);
  };
}

function copyFault(fault: Fault | undefined): CopyFault | undefined {
  switch (fault?.kind) {
    case "repeat":
      return "repeat";
    case "error":
    case "reset":
    case "silence": // Firehose gives up at some time, and learns as little
      return fault.effect ? "forget" : "refuse";
  }
  return undefined;
}
