import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { Clients } from "../../../operate/clients.ts";
import type { EngineEvent } from "../events.ts";
import type { LocalFunction } from "../function/function.ts";
import type { FaultHook } from "../gateway/fault.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Principal } from "../gateway/service-call.ts";
import type { Policy } from "../iam/policy.ts";
import type { Role } from "../iam/role.ts";
import type { RunningMapping } from "../lambda/running-mapping.ts";
import type { Redshift } from "../redshift/redshift.ts";
import type { ExpiringTable } from "../time-to-live/expiry.ts";
import type { ExpiryMarks } from "../time-to-live/expiry-marks.ts";
import type { CreationTracker } from "./creations.ts";
import type { ExpectedKey } from "./expected-key.ts";
import type { Lazy } from "./lazy.ts";
import type { FirehoseServer } from "./start-firehose.ts";

/** A workgroup of Redshift Serverless, as far as its users must know. */
export interface Workgroup {
  readonly port: number;
  readonly namespaceName: string;
  readonly publiclyAccessible: boolean;
  readonly enhancedVpcRouting: boolean;
  /** In RPUs; undefined leaves it to AWS. */
  readonly baseCapacity?: number;
}

/** Where the program's resources live: the emulators behind the gateway, and what the engine itself keeps. */
export interface World {
  /** The stack's Region. */
  readonly region: string;
  /** The program's folder: relative paths in assets begin here. */
  readonly root: string;
  /** How long a second lasts for everything that only waits, in seconds. */
  readonly timeScale: number;
  /** Notes something that the program expects to find, and that was made for it; told once. */
  expect(what: string): void;
  /** Makes a queue that the program expects to find, by its ARN, unless it is there. */
  expectQueue(arn: string): Promise<void>;
  /** The same of a warehouse, by the name of its workgroup or cluster, unless the program makes it. */
  expectWarehouse(name: string): void;
  /** The key of a table that the program expects to find. */
  readonly expectedKey: ExpectedKey;
  /** Called with problems that stop nothing. */
  onProblem(text: string): void;
  /** Called with what happens while the program runs. */
  onEvent(event: EngineEvent): void;
  /** Rejects when an emulator ends without having been stopped; settles in no other case. */
  readonly broken: Promise<never>;
  readonly gateway: Gateway;
  /** Decides which calls and invocations fail. */
  readonly faults: FaultHook | undefined;
  readonly redshift: Lazy<Redshift>;
  readonly firehose: Lazy<FirehoseServer>;
  /** A temporary folder that goes away with the world. */
  folder(): Promise<string>;
  /** Clients that call as a principal. */
  clientsAs(principal: Principal, region: string): Clients;
  /** Clients of DynamoDB Local itself, past the gateway and in DynamoDB Local's own addresses; the caller destroys them. */
  direct(): Promise<{ readonly dynamodb: DynamoDBClient; readonly streams: DynamoDBStreamsClient }>;
  /** Tables with a time to live, by ARN. */
  readonly expiring: Map<string, ExpiringTable>;
  readonly expiryMarks: ExpiryMarks;
  /** What is being created. */
  readonly creations: CreationTracker;
  /** By name, which is also their id. */
  readonly roles: Map<string, Role>;
  /** The managed policies that the program made, by ARN. */
  readonly managedPolicies: Map<string, Policy>;
  /** The log groups that the program made, by ARN. */
  readonly logGroups: Set<string>;
  /** By ARN. */
  readonly functions: Map<string, LocalFunction>;
  /** The versions and aliases of each function, by the function's ARN. */
  readonly qualifiers: Map<string, Set<string>>;
  /** The role of each function, by the function's ARN. */
  readonly functionRoles: Map<string, string>;
  /** As whom each delivery stream calls AWS, by the stream's name. */
  readonly deliveryStreams: Map<string, Principal>;
  /** By UUID. */
  readonly mappings: Map<string, RunningMapping>;
  /** Secret strings by ARN. */
  readonly secrets: Map<string, string>;
  /** The databases that namespaces were made with, by the namespace's name. */
  readonly databases: Map<string, string>;
  /** The passwords of the warehouse's administrators, by user. */
  readonly administrators: Map<string, string>;
  /** Workgroups by their host. */
  readonly workgroups: Map<string, Workgroup>;
  /** Regions of explicit providers, by the provider's id. */
  readonly providerRegions: Map<string, string>;
  /** Ends everything, even if some of it fails, which rejects with an AggregateError; may be called again. */
  stop(): Promise<void>;
}
