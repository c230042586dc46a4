import * as pulumi from "@pulumi/pulumi";
import type { Sink } from "../../../../infra/kind.ts";
import { redshift } from "../../../../infra/kinds/redshift.ts";
import { Turns } from "../../../../infra/turns.ts";

/** A resource as it was registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** With secrets and unknowns as the engine gets them. */
  readonly raw: Record<string, unknown>;
  /** With secrets opened. */
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  /** Logical names of what it waits for. */
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** How long it may take, as the engine gets it. */
  readonly timeouts: { readonly create: string; readonly update: string; readonly delete: string };
}

/** The password that the stand-in for the random provider makes. */
export const password = "Aq7Zx3Rt9Lm2Kp5Vw8Nc4Bd6Hf1Js0Yg";
/** The loader's salt. */
const salt = "0123456789abcdef".repeat(4);

interface Circumstances {
  readonly preview?: boolean;
  readonly region?: string;
  readonly stack?: string;
  /** What the warehouse has been called since it was made, where that differs from what the program says now. */
  readonly kept?: Record<string, string>;
}

/** A destination called `sales-events` of kind redshift, provisioned without a cloud. */
export async function provisioned(
  given: object,
  { preview = false, region = "us-east-1", stack = "dev", kept = {} }: Circumstances = {},
) {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(mocks(resources, region, preview, kept), "dynamodb-fanout", stack, preview);
  watchOptions(resources);
  let sink: Sink | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    const parent = new pulumi.ComponentResource("fanout:index:Destination", "fanout-sales-events");
    sink = redshift.provision(redshift.schema.parse(given), {
      name: "fanout-sales-events",
      destination: "sales-events",
      turns: new Turns(),
      source: undefined as never, // what this kind makes does not depend on the table
      parent,
    });
    return {};
  });
  await pulumi.runtime.disconnect();
  return { resources, sink: sink!, find: (type: string, name?: string) => find(resources, type, name) };
}

/** What a destination answered, once everything is known. */
export async function settled(sink: Sink) {
  return {
    settings: await value(sink.settings),
    grants: await value(sink.grants),
    outputs: (await value(sink.outputs)) as Record<string, string>,
    dependsOn: await Promise.all(sink.dependsOn.map(async ({ urn }) => logicalName((await value(urn)) as string))),
  };
}

function value(input: unknown): Promise<unknown> {
  const output: pulumi.Output<unknown> = pulumi.output(input as object);
  return new Promise((resolve) => output.apply(resolve));
}

function find(resources: readonly Registered[], type: string, name?: string): Registered {
  const found = resources.filter((one) => one.type === type && (name === undefined || one.name === name));
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} ${name ?? ""}`);
  return found[0]!;
}

function mocks(
  resources: Registered[],
  region: string,
  preview: boolean,
  kept: Record<string, string>,
): pulumi.runtime.Mocks {
  return {
    newResource({ type, name, inputs }) {
      resources.push({ ...optionsOf(name), type, name, raw: inputs, inputs: opened(inputs) as Registered["inputs"] });
      const since = type.startsWith("aws:redshiftserverless/") ? kept : {};
      return { id: `${name}-id`, state: { ...inputs, ...(preview ? {} : made(type, name)), ...since } };
    },
    call({ token }) {
      return answers(region)[token] ?? {};
    },
  };
}

function made(type: string, name: string): Record<string, unknown> {
  const arn = `arn:aws:${type.split(":")[1]?.split("/")[0]}:us-east-1:111122223333:${name}`;
  switch (type) {
    case "aws:redshiftserverless/workgroup:Workgroup":
      return {
        arn,
        endpoints: [{ address: "main.111122223333.us-east-1.redshift-serverless.amazonaws.com", port: 5439 }],
      };
    case "aws:redshiftserverless/namespace:Namespace":
      return { arn, namespaceId: `${name}-id`, adminPasswordSecretArn: `${arn}-admin` };
    case "aws:s3/bucket:Bucket":
      return { arn: `arn:aws:s3:::${name}`, bucket: name };
    case "random:index/randomPassword:RandomPassword":
      return { result: password };
    case "random:index/randomId:RandomId":
      return { hex: salt };
    case "aws:cloudwatch/logGroup:LogGroup":
    case "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":
    case "aws:iam/role:Role":
      return { arn, name };
    default:
      return { arn };
  }
}

function answers(region: string): Record<string, Record<string, unknown>> {
  return {
    "aws:index/getRegion:getRegion": { region },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "111122223333" },
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
      names:
        region === "us-west-1" ? ["us-west-1a", "us-west-1c"] : ["a", "b", "c", "d"].map((zone) => `${region}${zone}`),
    },
  };
}

const options = new Map<
  string,
  Pick<Registered, "parent" | "dependencies" | "protect" | "ignoreChanges" | "timeouts">
>();

function optionsOf(name: string) {
  return (
    options.get(name) ?? {
      parent: "",
      dependencies: [],
      protect: false,
      ignoreChanges: [],
      timeouts: timeoutsOf(undefined),
    }
  );
}

/** Mocks are not told of a resource's options; the request that they are made from has them. */
function watchOptions(resources: Registered[]): void {
  resources.length = 0;
  options.clear();
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, callback: unknown): void;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    options.set(request.getName(), {
      parent: logicalName(request.getParent()),
      dependencies: request.getDependenciesList().map(logicalName),
      protect: request.getProtect(),
      ignoreChanges: request.getIgnorechangesList(),
      timeouts: timeoutsOf(request.getCustomtimeouts()),
    });
    register(request, callback);
  };
}

interface Request {
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getProtect(): boolean;
  getIgnorechangesList(): string[];
  getCustomtimeouts(): Timeouts | undefined;
}

interface Timeouts {
  getCreate(): string;
  getUpdate(): string;
  getDelete(): string;
}

function timeoutsOf(given: Timeouts | undefined): Registered["timeouts"] {
  const [create = "", update = "", deletion = ""] = [given?.getCreate(), given?.getUpdate(), given?.getDelete()];
  return { create, update, delete: deletion };
}

function logicalName(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

/** A value with its secrets opened. */
function opened(given: unknown): unknown {
  return each(pulumi.runtime.isRpcSecret(given) ? pulumi.runtime.unwrapRpcSecret(given) : given, opened);
}

/** A value as anybody reads it who cannot open secrets. */
export function sealed(given: unknown): unknown {
  return pulumi.runtime.isRpcSecret(given) ? "sealed" : each(given, sealed);
}

function each(given: unknown, change: (inner: unknown) => unknown): unknown {
  if (Array.isArray(given)) return given.map(change);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, change(inner)]));
}
