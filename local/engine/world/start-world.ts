import { type Clients, makeClients } from "../../../operate/clients.ts";
import { deliveryEvents, type EngineEvent } from "../events.ts";
import type { FaultHook } from "../gateway/fault.ts";
import { Gateway } from "../gateway/gateway.ts";
import type { Principal } from "../gateway/service-call.ts";
import { denialOf } from "../iam/access-denied.ts";
import { authorize } from "../iam/authorize.ts";
import type { Role } from "../iam/role.ts";
import { Lambda } from "../lambda/lambda.ts";
import { startLoopbackServer } from "../loopback.ts";
import type { Redshift } from "../redshift/redshift.ts";
import { ExpiryMarks } from "../time-to-live/expiry-marks.ts";
import { CreationTracker } from "./creations.ts";
import { findLauncher } from "./dynamodb-local/launcher.ts";
import { startDynamoDbLocal } from "./dynamodb-local.ts";
import { type ExpectedKey, usualKey } from "./expected-key.ts";
import { makeExpectedQueue } from "./expected-queues.ts";
import { startFauxqs } from "./fauxqs.ts";
import { Lazy, stopInStages, temporaryFolder } from "./lazy.ts";
import { copyFaults, startFirehose } from "./start-firehose.ts";
import type { World } from "./world.ts";

export interface WorldOptions {
  readonly root: string;
  readonly region: string;
  readonly faults?: FaultHook;
  /** How long a second lasts for everything that only waits, in seconds. @default 1 */
  readonly timeScale?: number;
  /** A DynamoDB Local that runs already. @default one of the world's own */
  readonly dynamoDbEndpoint?: string;
  /** A stand-in for Redshift that runs already. @default one of the world's own */
  readonly redshift?: Redshift;
  /** Ends the attempt to start an emulator. */
  readonly signal?: AbortSignal;
  /** Called with the name of each emulator that is up. */
  onUp(name: string): void;
  /** The key of a table that the program expects to find. @default `id`, a string */
  readonly expectedKey?: ExpectedKey;
  /** Called with each thing that the program expects to find, and that was made for it. */
  onExpected?(what: string): void;
  /** Called with problems that stop nothing. */
  onProblem(text: string): void;
  /** Called with what happens while the program runs. */
  onEvent?(event: EngineEvent): void;
}

/** Makes an empty world: each emulator starts when it is first needed. What they need of the machine must be there from the beginning. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const {
    root,
    region,
    faults,
    dynamoDbEndpoint,
    signal,
    timeScale = 1,
    onUp,
    onProblem,
    onEvent = () => {},
  } = options;
  // Looked for first: nothing is made, and taken down again, where it is missing.
  const launcher = dynamoDbEndpoint === undefined ? await findLauncher() : undefined;
  const emulator = <T extends { stop(): Promise<unknown> }>(name: string, start: () => Promise<T>) =>
    new Lazy(
      async () => {
        const started = await start();
        onUp(name);
        return started;
      },
      async (started) => void (await started.stop()),
    );
  const { promise: broken, reject: breakDown } = Promise.withResolvers<never>();
  broken.catch(() => {}); // it matters only where it is waited for
  const dynamodb = emulator("DynamoDB Local", async () => {
    if (dynamoDbEndpoint !== undefined) return { endpoint: dynamoDbEndpoint, stop: async () => {} };
    const started = await startDynamoDbLocal({ ...(launcher && { launcher }), ...(signal && { signal }) });
    started.died.catch(breakDown);
    return started;
  });
  const fauxqs = emulator("fauxqs", startFauxqs);
  const start = async () => (await import("../redshift/redshift.ts")).Redshift.start(); // most programs have no need of it
  const { redshift: running } = options;
  const redshift: Lazy<Redshift> =
    running === undefined
      ? emulator("the stand-in for Redshift", start)
      : new Lazy(
          async () => running,
          async () => {},
        );
  const folder = temporaryFolder();
  const expected = new Set<string>();
  const expect = (what: string) => {
    if (expected.has(what)) return;
    expected.add(what);
    options.onExpected?.(what);
  };
  const workgroups: World["workgroups"] = new Map();
  const expectWarehouse = (name: string) => {
    const isMade = [...workgroups.keys()].some((host) => host.startsWith(`${name}.`));
    if (!isMade) expect(`the warehouse ${name}`);
  };
  const secrets = new Map<string, string>();
  const roles = new Map<string, Role>();
  const deliveryStreams = new Map<string, Principal>();
  const firehose = emulator("the stand-in for Firehose", () =>
    startFirehose({
      redshift,
      secrets,
      deliveryStreams,
      clients: (as) => clientsAs(as, region),
      denialOf: ({ stream, roleArn }, rights) => denialOf(roles, roleArn, stream, rights, region),
      intervalScale: timeScale,
      onError: deliveryEvents(onEvent),
      faults: { copy: copyFaults(faults, region, deliveryStreams) },
    }),
  );
  const functions: World["functions"] = new Map();
  const mappings: World["mappings"] = new Map();
  const lambda = emulator("the stand-in for Lambda", () => {
    const api = new Lambda({ functions, mappings });
    return startLoopbackServer((request, response) => void api.handle(request, response));
  });
  const dataApi = emulator("the stand-in for the Redshift Data API", async () => {
    const { DataApi } = await import("../redshift/data-api.ts"); // most programs have no need of it
    const api = new DataApi((warehouse) => {
      expectWarehouse(warehouse);
      return redshift.get();
    });
    return startLoopbackServer((request, response) => void api.handle(request, response));
  });
  const expiryMarks = new ExpiryMarks();
  const expiring: World["expiring"] = new Map();
  const ofFauxqs = async () => (await fauxqs.get()).endpoint;
  const gateway = await Gateway.start({
    services: {
      dynamodb: async () => (await dynamodb.get()).endpoint,
      sqs: ofFauxqs,
      s3: ofFauxqs,
      sns: ofFauxqs,
      sts: ofFauxqs,
      firehose: async () => (await firehose.get()).endpoint,
      lambda: async () => (await lambda.get()).endpoint,
      "redshift-data": async () => (await dataApi.get()).endpoint,
    },
    authorize: (call) => authorize(call, roles),
    ...(faults === undefined ? {} : { faults }),
    isExpiry: (eventId) => expiryMarks.has(eventId),
    expiresBy: (tableArn) => expiring.get(tableArn)?.attribute,
  });

  const issued = new Map<string, Clients>();
  const clientsAs = (principal: Principal, region: string): Clients => {
    const key = [principal.kind, principal.name, principal.roleArn, region].join("\n");
    const clients =
      issued.get(key) ?? makeClients({ endpoint: gateway.endpoint, region, credentials: gateway.issue(principal) });
    issued.set(key, clients);
    return clients;
  };
  let stopping: Promise<void> | undefined;
  const stop = () =>
    stopInStages([
      // A mapping waits for its invocation, and an invocation ends with its thread.
      () => [...[...mappings.values()].map(({ mapping }) => mapping), ...functions.values()],
      () => [firehose, lambda, dataApi],
      () => [...issued.values()].map((clients) => ({ stop: async () => clients.destroy() })),
      () => [gateway],
      () => [dynamodb, fauxqs, redshift, folder],
    ]);

  return {
    root,
    region,
    timeScale,
    expectedKey: options.expectedKey ?? usualKey,
    expect,
    expectQueue: (arn) => makeExpectedQueue(arn, { clientsAs, expect }),
    expectWarehouse,
    onProblem,
    onEvent,
    broken,
    gateway,
    faults,
    redshift,
    firehose,
    secrets,
    deliveryStreams,
    functions,
    mappings,
    folder: () => folder.get(),
    clientsAs,
    async direct() {
      const { endpoint } = await dynamodb.get();
      return makeClients({ endpoint, region, credentials: { accessKeyId: "engine", secretAccessKey: "engine" } });
    },
    expiring,
    expiryMarks,
    roles,
    creations: new CreationTracker(),
    managedPolicies: new Map(),
    logGroups: new Set(),
    functionRoles: new Map(),
    qualifiers: new Map(),
    databases: new Map(),
    administrators: new Map(),
    workgroups,
    providerRegions: new Map(),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
