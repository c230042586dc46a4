import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { account, arn, invokeArn, physicalName } from "../aws.ts";
import { LocalFunction } from "../function/function.ts";
import { type FunctionOptions, runtimeOf } from "../function/function-options.ts";
import { unpack } from "../function/unpack.ts";
import { unzip } from "../function/zip.ts";
import { engine } from "../gateway/service-call.ts";
import { denialOf } from "../iam/access-denied.ts";
import { functionLogRights } from "../iam/service-rights.ts";
import { accept, type LocalResource } from "../resource.ts";
import type { World } from "../world/world.ts";
import { functionVariables } from "./lambda-variables.ts";
import { mustTrust } from "./role-checks.ts";

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
        "publish",
        "reservedConcurrentExecutions",
        "role",
        "runtime",
        "s3Bucket",
        "s3Key",
        "timeout",
        // Refused below, with a reason of their own.
        "imageConfig",
        "imageUri",
        "layers",
      ],
      ignored: [
        "architectures",
        "codeSha256",
        "deadLetterConfig", // for asynchronous invocations, which nothing here makes
        "description",
        "ephemeralStorage",
        "kmsKeyArn",
        "replaceSecurityGroupsOnDestroy",
        "replacementSecurityGroupIds",
        "skipDestroy",
        "sourceCodeHash",
        "sourceKmsKeyArn",
        "tags",
        "tracingConfig",
        "useResourceTimeoutForPropagation",
        "vpcConfig",
      ],
      nested: {
        deadLetterConfig: { targetArn: true },
        environment: { variables: true },
        ephemeralStorage: { size: true },
        loggingConfig: { applicationLogLevel: true, logFormat: true, logGroup: true, systemLogLevel: true },
        tracingConfig: { mode: true },
        vpcConfig: { ipv6AllowedForDualStack: true, securityGroupIds: true, subnetIds: true, vpcId: true },
      },
    });
    if (args.packageType === "Image" || args.imageUri !== undefined || args.imageConfig !== undefined)
      throw new UserError("`packageType` is Image: containers do not run here, only code.");
    if ((args.layers ?? []).length > 0) {
      throw new UserError(
        "`layers` do not exist here: put what they hold into the function's `code`, such as its packages into node_modules.",
      );
    }
    const { callbacks } = runtimeOf(args.runtime);
    const { region } = registration;
    const name = physicalName(registration, { limit: 64 });
    const variables = functionVariables(args.environment?.variables, name, world);
    const functionArn = arn("lambda", region, `function:${name}`);
    await mustTrust(world, args.role, { name: "lambda.amazonaws.com", sourceAccount: account }, notAssumable);
    const directory = join(await world.folder(), name);
    await placeCode(args, directory, region, world);
    const logGroup = args.loggingConfig?.logGroup ?? `/aws/lambda/${name}`;
    const reserved = args.reservedConcurrentExecutions ?? -1;
    const { memorySize: memoryMb = 128, timeout: timeoutSeconds = 3 } = args;
    const made = new LocalFunction({
      name,
      logicalName: registration.name,
      arn: functionArn,
      region,
      directory,
      handler: args.handler ?? "index.handler",
      callbacks,
      ...(args.runtime === undefined ? {} : { runtime: args.runtime }),
      timeoutSeconds,
      memoryMb,
      environment: variables,
      logGroup,
      ...logging(args.loggingConfig),
      credentials: world.gateway.issue({
        kind: "function",
        name,
        logicalName: registration.name,
        roleArn: args.role,
      }),
      logDenial: () => logDenial(world, args.role, region, logGroup, name),
      onProblem: (text) => world.onProblem(text),
      ...(world.faults === undefined ? {} : { faults: world.faults }),
      endpoint: world.gateway.endpoint,
      onLine: (line) => world.onEvent({ kind: "log", functionName: name, line }),
      ...(reserved < 0 ? {} : { concurrency: reserved }),
    });
    world.functions.set(functionArn, made);
    world.functionRoles.set(functionArn, args.role);
    const version = args.publish === true ? "1" : "$LATEST";
    world.qualifiers.set(functionArn, new Set(["$LATEST", version]));
    return {
      id: name,
      outputs: {
        name,
        arn: functionArn,
        qualifiedArn: `${functionArn}:${version}`,
        invokeArn: invokeArn(region, functionArn),
        version,
        memorySize: memoryMb,
        timeout: timeoutSeconds,
        loggingConfig: { ...args.loggingConfig, logGroup },
      },
    };
  },
};

const notAssumable = "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.";

/** Why what a function prints cannot be kept. A group that does not exist is made by the first line, if the role may make it. */
function logDenial(world: World, role: string, region: string, group: string, name: string): string | undefined {
  const groupArn = arn("logs", region, `log-group:${group}`);
  const rights = functionLogRights(region, group, name, world.logGroups.has(groupArn));
  const found = denialOf(world.roles, role, name, rights, region);
  if (found === undefined) world.logGroups.add(groupArn);
  return found;
}

/** What the configuration says to the function itself. Its level for the system's own lines has no effect: there are none here. */
function logging(config: LoggingConfig | undefined): Pick<FunctionOptions, "logFormat" | "logLevel"> {
  const { logFormat = "Text", applicationLogLevel } = config ?? {};
  if (logFormat !== "JSON" && logFormat !== "Text") {
    throw new UserError(`\`loggingConfig.logFormat\` is ${logFormat}: it must be JSON or Text.`);
  }
  return { logFormat, ...(applicationLogLevel === undefined ? {} : { logLevel: applicationLogLevel }) };
}

type Code = Pick<pulumi.Unwrap<aws.lambda.FunctionArgs>, "code" | "s3Bucket" | "s3Key">;

/** Writes a function's code to a folder: what `code` holds, or an archive in one of the program's buckets. */
async function placeCode({ code, s3Bucket, s3Key }: Code, folder: string, region: string, world: World) {
  if (code !== undefined && s3Bucket !== undefined)
    throw new UserError("`code` and `s3Bucket` exclude each other: leave one of them out.");
  if (code !== undefined) return unpack(code, folder, world.root);
  if (s3Bucket === undefined || s3Key === undefined)
    throw new UserError("`code` is missing: give an archive, or `s3Bucket` and `s3Key`.");
  return unzip(await download(s3Bucket, s3Key, region, world), folder, `s3://${s3Bucket}/${s3Key}`);
}

async function download(Bucket: string, Key: string, region: string, world: World): Promise<Uint8Array> {
  try {
    const { Body } = await world.clientsAs(engine, region).s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== "NoSuchKey" && name !== "NoSuchBucket") throw error;
    throw new UserError(
      `InvalidParameterValueException: Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`,
      { cause: error },
    );
  }
}
