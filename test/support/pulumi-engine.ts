import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type * as EngineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import type * as MonitorMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type * as EmptyModule from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructModule from "google-protobuf/google/protobuf/struct_pb.js";

// CommonJS whose exports Node cannot list, so they are required rather than imported.
const require = createRequire(import.meta.url);
const messages: typeof MonitorMessages = require("@pulumi/pulumi/proto/resource_pb.js");
const engineMessages: typeof EngineMessages = require("@pulumi/pulumi/proto/engine_pb.js");
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb.js");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb.js");
const { Empty }: typeof EmptyModule = require("google-protobuf/google/protobuf/empty_pb.js");
const { Struct }: typeof StructModule = require("google-protobuf/google/protobuf/struct_pb.js");

/** A resource as the program registered it over the wire. */
export interface WireResource {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string;
  readonly inputs: Record<string, unknown>;
}

/** What the CLI would tell a program, and what the cloud would answer. */
export interface RunOptions {
  /** The folder with `Pulumi.yaml`. */
  readonly root: string;
  readonly project: string;
  readonly stack: string;
  /** `<namespace>:<key>` to value; structured values are JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** The keys that are stored as secrets, or have a part that is. @default none */
  readonly secretKeys?: readonly string[];
  /** Whether it is a preview: nothing that AWS would make up is known. */
  readonly dryRun: boolean;
  /** Outputs of a resource beyond its inputs; asked for in an update only. */
  readonly outputs?: (type: string, name: string) => Record<string, unknown>;
  /** Options of Node, such as those that make it do what an older one does. */
  readonly nodeOptions?: string;
  /** Answers to provider functions, by token. */
  readonly invokes?: Readonly<Record<string, Record<string, unknown>>>;
}

/** How a run of the program ended. */
export interface RunResult {
  readonly exitCode: number | null;
  /** What the CLI would show, errors and warnings. */
  readonly messages: readonly string[];
  /** What went past the CLI, straight to the terminal. */
  readonly terminal: string;
  readonly resources: readonly WireResource[];
  /** The stack's outputs, if the program got so far. */
  readonly stackOutputs: Record<string, unknown> | undefined;
}

const entryPoint = fileURLToPath(new URL("../../node_modules/@pulumi/pulumi/cmd/run/index.js", import.meta.url));

/** Runs a program as `pulumi preview` and `pulumi up` do: by Pulumi's own Node entry point, against an engine that makes nothing. */
export async function runProgram(options: RunOptions): Promise<RunResult> {
  const recorded: Recorded = { messages: [], resources: [], stackOutputs: undefined };
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceMonitorService, monitorService(options, recorded));
  server.addService(EngineService, engineService(recorded));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  try {
    const { exitCode, terminal } = await child(options, `127.0.0.1:${port}`);
    return { ...recorded, exitCode, terminal };
  } finally {
    server.forceShutdown();
  }
}

interface Recorded {
  readonly messages: string[];
  readonly resources: WireResource[];
  stackOutputs: Record<string, unknown> | undefined;
}

/** The arguments and the environment are those of Pulumi's language host for Node with `typescript: false`. */
async function child(options: RunOptions, address: string) {
  const { root, project, stack, config, secretKeys = [], dryRun, nodeOptions } = options;
  const running = spawn(
    process.execPath,
    [
      entryPoint,
      `--monitor=${address}`,
      `--engine=${address}`,
      "--organization=organization",
      `--project=${project}`,
      `--root-directory=${root}`,
      `--stack=${stack}`,
      `--pwd=${root}`,
      ...(dryRun ? ["--dry-run"] : []),
      "--parallel=16",
      ".",
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        ...(process.env.NODE_V8_COVERAGE ? { NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE } : {}),
        ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
        PULUMI_ERROR_OUTPUT_STRING: "true",
      },
    },
  );
  let terminal = "";
  for (const stream of [running.stdout, running.stderr])
    stream.setEncoding("utf8").on("data", (text) => (terminal += text));
  const [exitCode] = (await once(running, "close")) as [number | null];
  return { exitCode, terminal };
}

type Unary<Request> = (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) => void;

/** The part of the engine that the program registers its resources with. */
function monitorService({ project, stack, dryRun, outputs, invokes = {} }: RunOptions, recorded: Recorded) {
  const getDeploymentInfo: Unary<unknown> = (_, callback) => {
    const features = Object.values(messages.ResourceMonitorFeature).filter((id) => typeof id === "number");
    callback(null, new messages.DeploymentInfo().setSupportedfeaturesList(features));
  };
  const registerResource: Unary<MonitorMessages.RegisterResourceRequest> = ({ request }, callback) => {
    const [type, name, custom] = [request.getType(), request.getName(), request.getCustom()];
    const inputs = (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
    recorded.resources.push({ type, name, custom, parent: request.getParent().split("::").at(-1) ?? "", inputs });
    const made = custom && !dryRun;
    const response = new messages.RegisterResourceResponse()
      .setUrn(`urn:pulumi:${stack}::${project}::${type}::${name}`)
      .setObject(struct({ ...inputs, ...(made ? outputs?.(type, name) : {}) }));
    callback(null, made ? response.setId(`${name}-id`) : response);
  };
  const registerResourceOutputs: Unary<MonitorMessages.RegisterResourceOutputsRequest> = ({ request }, callback) => {
    if (request.getUrn().includes("::pulumi:pulumi:Stack::"))
      recorded.stackOutputs = (request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
    callback(null, new Empty());
  };
  const invoke: Unary<MonitorMessages.ResourceInvokeRequest> = ({ request }, callback) => {
    const answer = invokes[request.getTok()];
    if (answer === undefined) callback({ code: status.NOT_FOUND, details: `nobody answers ${request.getTok()}` });
    else callback(null, new messages.ResourceInvokeResponse().setReturn(struct(answer)));
  };
  const signalAndWaitForShutdown: Unary<unknown> = (_, callback) => callback(null, new Empty());
  return { getDeploymentInfo, registerResource, registerResourceOutputs, invoke, signalAndWaitForShutdown };
}

/** The part of the engine that the program talks to the user through. */
function engineService(recorded: Recorded) {
  let root = "";
  const log: Unary<EngineMessages.LogRequest> = ({ request }, callback) => {
    if (request.getSeverity() >= engineMessages.LogSeverity.WARNING) recorded.messages.push(request.getMessage());
    callback(null, new Empty());
  };
  const setRootResource: Unary<EngineMessages.SetRootResourceRequest> = ({ request }, callback) => {
    root = request.getUrn();
    callback(null, new engineMessages.SetRootResourceResponse());
  };
  const getRootResource: Unary<unknown> = (_, callback) =>
    callback(null, new engineMessages.GetRootResourceResponse().setUrn(root));
  return { log, setRootResource, getRootResource };
}

function struct(value: Record<string, unknown>) {
  return Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
}
