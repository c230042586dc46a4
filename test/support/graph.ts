import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "../../local/engine/program/stack-config.ts";
import { outputsOf } from "./graph-outputs.ts";
import { type Recorded, type Registered, recordInto, unwrapped } from "./graph-recording.ts";
import { stacks } from "./stacks.ts";

/** Everything that a run of the program registered and exported. */
export interface Graph {
  readonly resources: readonly Recorded[];
  /** What the program exported; undefined in a preview. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  /** What components and the stack itself keep as outputs, by name, without secret wrappers. */
  readonly registered: readonly Registered[];
  /** What was asked of provider functions, by token. */
  readonly calls: readonly { readonly token: string; readonly inputs: Readonly<Record<string, unknown>> }[];
  /** What it warned of. */
  readonly warnings: readonly string[];
  /** The resources of a type. */
  of(type: string): readonly Recorded[];
  /** The one resource with a name, of a type where several share the name. */
  named(name: string, type?: string): Recorded;
}

export interface GraphOptions {
  /** The stack whose file is read, of those in test/fixtures/stacks. Without it only `config` counts. */
  readonly stack?: "dev" | "prod";
  /** Configuration, by key; it takes precedence over the stack's file. A key without a namespace is a setting of the fan-out. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the project is called where no stack's file is read. @default "dynamodb-fanout" */
  readonly project?: string;
  /** What the stack is called where no stack's file is read. @default "test" */
  readonly stackName?: string;
  /** The keys, with their namespaces, that are stored as secrets, or have a part that is. @default none */
  readonly secretKeys?: readonly string[];
  /** Whether it is a preview: outputs are unknown. @default false */
  readonly preview?: boolean;
  /** Tables that exist already, by name, or by Region and name (`eu-west-1/films`), as `aws.dynamodb.getTable` describes them; any other is not found. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Queues that exist already, by URL, with their outputs; any other is not found. */
  readonly queues?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A program that refused to run, with what it had registered until then. */
export class Refused extends Error {
  readonly resources: readonly Recorded[];
  /** The error, as the program threw it. */
  readonly reason: Error;

  constructor(reason: Error, resources: readonly Recorded[]) {
    super(reason.message, { cause: reason });
    this.reason = reason;
    this.resources = resources;
  }
}

let runs = 0;

/** Runs index.ts as the Pulumi CLI would, without AWS, and returns what it registered. Throws `Refused` if it throws. */
export async function graph(options: GraphOptions = {}): Promise<Graph> {
  const { preview = false, tables = {} } = options;
  const { project, config } = configuration(options);
  const calls: { token: string; inputs: Record<string, unknown> }[] = [];
  const unanswered: string[] = [];
  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs, custom, id: existingId }) {
      if (!custom) return { id: undefined, state: {} };
      // What exists is read in a preview as well.
      if (existingId) return { id: existingId, state: existing(type, existingId, options.queues) };
      const given = unwrapped(inputs);
      const { id, state } = outputsOf({ type, name, inputs: given.value as Record<string, unknown>, preview });
      // As the engine does: an output is secret if an input of the same name is, or if the program says so.
      const secret = new Set([...given.secrets, ...(secretOutputs.get(`${type} ${name}`) ?? [])]);
      const marked = Object.entries(state).map(([key, value]) => [key, secret.has(key) ? pulumi.secret(value) : value]);
      return { id, state: Object.fromEntries(marked) };
    },
    call({ token, inputs }) {
      calls.push({ token, inputs });
      const region = String(inputs.region ?? config["aws:region"]);
      if (token === "aws:dynamodb/getTable:getTable") return table(String(inputs.name), region, tables);
      const answer = answers[token]?.(region);
      if (answer === undefined) unanswered.push(token);
      return answer ?? {};
    },
  };
  const secretOutputs = new Map<string, readonly string[]>();
  await pulumi.runtime.setMocks(mocks, project, options.stack ?? options.stackName ?? "test", preview);
  pulumi.runtime.setAllConfig(config, [...(options.secretKeys ?? [])]);
  const registered: Registered[] = [];
  const resources = recordInto(registered, secretOutputs);
  let refusal: Error | undefined;
  const warnings: string[] = [];
  const warn = console.warn;
  // Where the SDK, which has no engine here, says what it would tell one.
  console.warn = (text: string) => void warnings.push(text.replace(/^warning: \[runtime\] /, ""));
  // A stack whose program throws leaves rejections that nobody handles: this one always succeeds.
  const outputs = await pulumi.runtime.runInPulumiStack(() =>
    import(`../../index.ts?run=${++runs}`).catch((error) => {
      refusal = error;
      return {};
    }),
  );
  await pulumi.runtime.disconnect();
  console.warn = warn;
  if (refusal !== undefined) throw new Refused(refusal, resources);
  // An error inside a call would surface as unhandled rejections of everything that waits for it.
  if (unanswered.length > 0)
    throw new Error(`The graph's stand-in for AWS has no answer for ${unanswered.join(", ")}.`);
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    resources,
    outputs,
    registered,
    calls,
    warnings,
    of,
    named(name, type) {
      const found = (type === undefined ? resources : of(type)).filter((resource) => resource.name === name);
      if (found.length !== 1)
        throw new Error(
          `${found.length} resources are named ${name}; the graph has ${resources.map((each) => each.name).join(", ")}`,
        );
      return found[0]!;
    },
  };
}

function configuration(options: GraphOptions): { project: string; config: Record<string, string> } {
  const { stack, project = "dynamodb-fanout", config = {} } = options;
  const overrides = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `fanout:${key}`, value]),
  );
  if (stack !== undefined) {
    const read = readStackConfig({ root: stacks.root, stack, overrides });
    return { project: read.project, config: { ...read.config } };
  }
  const entries = Object.entries({ "aws:region": "us-east-1", ...overrides }).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { project, config: Object.fromEntries(entries) };
}

function existing(type: string, id: string, queues: GraphOptions["queues"]): Record<string, unknown> {
  const found = type === "aws:sqs/queue:Queue" ? queues?.[id] : undefined;
  if (found === undefined) throw new Error(`resource '${id}' does not exist`);
  return { ...found };
}

function table(name: string, region: string, tables: NonNullable<GraphOptions["tables"]>): Record<string, unknown> {
  const found = tables[`${region}/${name}`] ?? tables[name];
  if (found === undefined) {
    // gRPC's errors carry their message as `details`, and the SDK shows nothing else.
    const details = `reading DynamoDB Table (${name}): couldn't find resource`;
    throw Object.assign(new Error(details), { details });
  }
  return { name, arn: `arn:aws:dynamodb:${region}:111122223333:table/${name}`, ...found };
}

const answers: Readonly<Record<string, (region: string) => Record<string, unknown>>> = {
  "aws:index/getRegion:getRegion": (region) => ({ region, id: region }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "111122223333" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": (region) => ({
    names: ["a", "b", "c", "d"].map((zone) => `${region}${zone}`),
  }),
};
