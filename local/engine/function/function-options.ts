import { UserError } from "../../../terminal/user-error.ts";
import type { FaultHook } from "../gateway/fault.ts";
import type { Credentials } from "../gateway/gateway.ts";

export interface FunctionOptions {
  readonly name: string;
  /** Its name in the program. */
  readonly logicalName?: string;
  readonly arn: string;
  readonly region: string;
  /** The folder with its code. */
  readonly directory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  /** Its runtime's name. @default "nodejs24.x" */
  readonly runtime?: string;
  /** Whether its runtime hands handlers a callback, as those before Node 24 do. @default false */
  readonly callbacks?: boolean;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Its own variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** What its environment says about how to log. @default "Text" */
  readonly logFormat?: "JSON" | "Text";
  /** The least level that is to be logged as JSON, such as `WARN`. @default "INFO" */
  readonly logLevel?: string;
  readonly credentials: Credentials;
  /** Where all of its AWS calls go. */
  readonly endpoint: string;
  /** Called with each line that it prints. */
  onLine?(line: string): void;
  /** Most invocations at a time; further ones are refused. @default no limit */
  readonly concurrency?: number;
  /** How long loading its module may take, in milliseconds; longer, and it counts as the first invocation's time. @default 10 seconds, as Lambda */
  readonly initLimit?: number;
  /** Why what it prints cannot be kept; undefined if it can. Asked for each line. @default it can */
  logDenial?(): string | undefined;
  /** Called, once, when its lines are lost. */
  onProblem?(text: string): void;
  /** Decides which invocations fail, and how. */
  readonly faults?: FaultHook;
}

/** Lambda's runtimes for Node that a program may still name. Whichever it is, functions run on this machine's own Node. */
const runtimes = ["nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"] as const;

/** Makes sure that a runtime is one of Node's; says whether it hands handlers a callback, as those before Node 24 do. */
export function runtimeOf(name: unknown): { readonly callbacks: boolean } {
  if (runtimes.includes(name as (typeof runtimes)[number])) return { callbacks: name !== "nodejs24.x" };
  const given = name === undefined ? "missing" : String(name);
  throw new UserError(
    `\`runtime\` is ${given}: functions run on this machine's Node, so it must be one of ${runtimes.join(", ")}.`,
  );
}

/** The whole environment of a function: what Lambda sets, and its own variables. */
export function environmentOf(options: FunctionOptions): Record<string, string> {
  const { name, region, memoryMb, handler, directory, credentials, endpoint, logGroup } = options;
  const { logFormat = "Text", logLevel = "INFO", environment, runtime } = options;
  return {
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime ?? "nodejs24.x"}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    LANG: "en_US.UTF-8",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    TZ: ":UTC",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: name,
    AWS_LAMBDA_LOG_FORMAT: logFormat,
    ...(logFormat === "JSON" ? { AWS_LAMBDA_LOG_LEVEL: logLevel } : {}),
    LAMBDA_TASK_ROOT: directory,
    _HANDLER: handler,
    // The SDK looks for these files in the home folder of the user, and Lambda has none.
    AWS_CONFIG_FILE: `${directory}/.aws/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${directory}/.aws/credentials`,
    ...environment,
  };
}

/** The plain part of the context that a handler gets. */
export function contextOf(options: FunctionOptions, requestId: string): Record<string, string> {
  const { name, arn, memoryMb, logGroup } = options;
  return {
    awsRequestId: requestId,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMb),
    logGroupName: logGroup,
    logStreamName: name,
  };
}
