import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arn } from "../aws.ts";
import { type FunctionOptions, LocalFunction } from "../function/function.ts";
import { unpack } from "../function/unpack.ts";
import { mappingSettings } from "../mapping/settings.ts";
import { accept, acceptOnly, type LocalResource } from "../resource.ts";
import { UserError } from "../user-error.ts";
import type { World } from "../world/world.ts";
import { connect } from "./connect-mapping.ts";
import { physicalName } from "./naming.ts";

type LoggingConfig = pulumi.Unwrap<aws.types.input.lambda.FunctionLoggingConfig>;

/** A function in threads of its own, made of the bytes that would be deployed. */
export const lambdaFunction: LocalResource = {
  async create(registration, world) {
    const args = accept<aws.lambda.FunctionArgs>(registration, {
      used: [
        "code",
        "environment",
        "handler",
        "loggingConfig",
        "memorySize",
        "name",
        "packageType",
        "reservedConcurrentExecutions",
        "role",
        "runtime",
        "timeout",
      ],
      withoutMeaning: [
        "architectures",
        "description",
        "ephemeralStorage",
        "kmsKeyArn",
        "publish",
        "skipDestroy",
        "sourceCodeHash",
        "tags",
        "tracingConfig",
      ],
    });
    acceptOnly(args.environment, "environment", ["variables"]);
    acceptOnly(args.loggingConfig, "loggingConfig", ["applicationLogLevel", "logFormat", "logGroup", "systemLogLevel"]);
    if (args.packageType === "Image")
      throw new UserError("`packageType` is Image: containers do not run here, only code.");
    if (!String(args.runtime).startsWith("nodejs")) {
      throw new UserError(`\`runtime\` is ${args.runtime}: functions run in this process, so only those for Node do.`);
    }
    const { region } = registration;
    const name = physicalName(registration, { limit: 64 });
    const functionArn = arn("lambda", region, `function:${name}`);
    const directory = join(await world.folder(), name);
    await unpack(args.code, directory, world.root);
    const logGroup = args.loggingConfig?.logGroup ?? `/aws/lambda/${name}`;
    const reserved = args.reservedConcurrentExecutions ?? -1;
    const memoryMb = args.memorySize ?? 128;
    const timeoutSeconds = args.timeout ?? 3;
    const made = new LocalFunction({
      name,
      logicalName: registration.name,
      arn: functionArn,
      region,
      directory,
      handler: args.handler ?? "index.handler",
      timeoutSeconds,
      memoryMb,
      environment: args.environment?.variables ?? {},
      logGroup,
      ...logging(args.loggingConfig),
      credentials: world.gateway.issue({
        kind: "function",
        name,
        logicalName: registration.name,
        roleArn: args.role,
      }),
      ...(world.faults === undefined ? {} : { faults: world.faults }),
      endpoint: world.gateway.endpoint,
      ...(reserved < 0 ? {} : { concurrency: reserved }),
    });
    world.functions.set(functionArn, made);
    world.functionRoles.set(functionArn, args.role);
    return {
      id: name,
      outputs: {
        name,
        arn: functionArn,
        qualifiedArn: `${functionArn}:$LATEST`,
        invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
        version: "$LATEST",
        memorySize: memoryMb,
        timeout: timeoutSeconds,
        loggingConfig: { ...args.loggingConfig, logGroup },
      },
    };
  },
};

/** A mapping that reads a table's stream and feeds a function. */
export const eventSourceMapping: LocalResource = {
  async create({ inputs, name, region }, world) {
    const settings = mappingSettings(inputs, name);
    const streamArn = String(inputs.eventSourceArn);
    const target = functionOf(String(inputs.functionName), world);
    const uuid = randomUUID();
    await connect({ uuid, settings, streamArn, target, region }, world);
    return {
      id: uuid,
      outputs: {
        uuid,
        arn: arn("lambda", region, `event-source-mapping:${uuid}`),
        functionArn: target.arn,
        functionName: inputs.functionName,
        state: settings.enabled ? "Enabled" : "Disabled",
        stateTransitionReason: "USER_INITIATED",
        lastModified: new Date().toISOString(),
        lastProcessingResult: "No records processed",
      },
    };
  },
};

/** What the configuration tells the function itself; the level of the system's own lines concerns none of those here. */
function logging(config: LoggingConfig | undefined): Pick<FunctionOptions, "logFormat" | "logLevel"> {
  const { logFormat = "Text", applicationLogLevel } = config ?? {};
  if (logFormat !== "JSON" && logFormat !== "Text") {
    throw new UserError(`\`loggingConfig.logFormat\` is ${logFormat}: it must be JSON or Text.`);
  }
  return { logFormat, ...(applicationLogLevel === undefined ? {} : { logLevel: applicationLogLevel }) };
}

function functionOf(nameOrArn: string, world: World): LocalFunction {
  for (const candidate of world.functions.values()) {
    if ([candidate.name, candidate.arn, `${candidate.arn}:$LATEST`].includes(nameOrArn)) return candidate;
  }
  throw new UserError(`\`functionName\` is ${nameOrArn}, but this program made no such function.`);
}
