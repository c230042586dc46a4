import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { type Clients, makeClients } from "./clients.ts";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { ExpiryMarks } from "./expiry.ts";
import { startFauxqs } from "./fauxqs.ts";
import type { FirehoseOptions } from "./firehose/firehose.ts";
import type { FaultHook } from "./gateway/faults.ts";
import type { Principal } from "./gateway/service-call.ts";
import { Gateway } from "./gateway.ts";
import { Lazy } from "./lazy.ts";
import { startFirehose } from "./start-firehose.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  readonly root: string;
  readonly region: string;
  readonly faults?: FaultHook;
  /** What goes wrong in the Firehose stand-in, and how fast its time passes. */
  readonly firehose?: Pick<FirehoseOptions, "faults" | "intervalScale">;
  /** A DynamoDB Local that runs already. @default one of the world's own */
  readonly dynamoDbEndpoint?: string;
  /** Told of each emulator that is up. */
  onUp(name: string): void;
}

/** Makes an empty world: each emulator starts when it is first needed. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { root, region, faults, dynamoDbEndpoint, onUp } = options;
  const emulator = <T extends { stop(): Promise<unknown> }>(name: string, start: () => Promise<T>) =>
    new Lazy(
      async () => {
        const started = await start();
        onUp(name);
        return started;
      },
      async (started) => void (await started.stop()),
    );
  const dynamodb =
    dynamoDbEndpoint === undefined
      ? emulator("DynamoDB Local", startDynamoDbLocal)
      : emulator("DynamoDB Local", async () => ({ endpoint: dynamoDbEndpoint, stop: async () => {} }));
  const fauxqs = emulator("fauxqs", startFauxqs);
  const redshift = emulator("the stand-in for Redshift", async () => {
    const { Redshift } = await import("./redshift/redshift.ts"); // most programs have no need of it
    return Redshift.start();
  });
  const folder = new Lazy(
    () => mkdtemp(join(tmpdir(), "fanout-")),
    (path) => rm(path, { recursive: true, force: true }),
  );
  const secrets = new Map<string, string>();
  const firehose = emulator("the stand-in for Firehose", () =>
    startFirehose({ redshift, secrets, clients: (as) => clientsAs(as, region), ...options.firehose }),
  );
  const ofFauxqs = async () => (await fauxqs.get()).endpoint;
  const gateway = await Gateway.start({
    services: {
      dynamodb: async () => (await dynamodb.get()).endpoint,
      sqs: ofFauxqs,
      s3: ofFauxqs,
      sns: ofFauxqs,
      sts: ofFauxqs,
      firehose: async () => (await firehose.get()).endpoint,
    },
    ...(faults === undefined ? {} : { faults }),
  });

  const issued = new Map<string, Clients>();
  const clientsAs = (principal: Principal, region: string): Clients => {
    const key = [principal.kind, principal.name, principal.roleArn, region].join("\n");
    const clients =
      issued.get(key) ?? makeClients({ endpoint: gateway.endpoint, region, credentials: gateway.issue(principal) });
    issued.set(key, clients);
    return clients;
  };
  const functions: World["functions"] = new Map();
  const mappings: World["mappings"] = new Map();
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    // A mapping waits for its invocation, and an invocation ends with its thread.
    const reading = [...mappings.values()].map(({ mapping }) => mapping.stop());
    await Promise.all([...functions.values()].map((one) => one.stop()));
    await Promise.all(reading);
    await firehose.stop();
    for (const clients of issued.values()) clients.destroy();
    await gateway.stop();
    await Promise.all([dynamodb, fauxqs, redshift, folder].map((part) => part.stop()));
  };

  return {
    root,
    region,
    gateway,
    redshift,
    firehose,
    secrets,
    functions,
    mappings,
    folder: () => folder.get(),
    clientsAs,
    async direct() {
      const { endpoint } = await dynamodb.get();
      const config = { endpoint, region, credentials: { accessKeyId: "engine", secretAccessKey: "engine" } };
      return { dynamodb: new DynamoDBClient(config), streams: new DynamoDBStreamsClient(config) };
    },
    expiring: new Map(),
    expiryMarks: new ExpiryMarks(),
    roles: new Map(),
    functionRoles: new Map(),
    providerRegions: new Map(),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
