import { execFile } from "node:child_process";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { UserError } from "../../terminal/user-error.ts";
import { streamsClient } from "../stream/whole-clients.ts";
import { consumersOf, locationOf, readOutputs, type TargetStack } from "./outputs.ts";
import { download, needsShell, pulumiCli } from "./pulumi-cli.ts";

/** More than the answer of any stack. */
const mostOutput = 64 * 1024 * 1024;

/** A deployed stack, as its outputs describe it, reached with the AWS credentials of the environment. */
export async function deployed(stack: string, environment = process.env): Promise<TargetStack> {
  refuseLocalEndpoints(environment);
  const outputs = readOutputs(await stackOutputs(stack, environment));
  const { region, account } = locationOf(outputs);
  const config = { region, maxAttempts: 8 };
  return {
    title: `stack ${stack} in account ${account}, ${region}`,
    region,
    consumers: consumersOf(outputs),
    clients: {
      sqs: new SQSClient(config),
      streams: streamsClient(config),
      lambda: new LambdaClient(config),
    },
    wait: 2,
  };
}

/** The variables of a stack on this machine, left over in the shell, would mix the two up. */
function refuseLocalEndpoints(environment: NodeJS.ProcessEnv): void {
  for (const [name, value = ""] of Object.entries(environment)) {
    if (!name.startsWith("AWS_ENDPOINT_URL") || !/\/\/(localhost|127\.|\[::1\])/.test(value)) continue;
    throw new UserError(
      `${name} is ${value}, so AWS's own services would not be reached. Unset it, or say --local for the stack that runs on this machine.`,
    );
  }
}

async function stackOutputs(stack: string, env: NodeJS.ProcessEnv, options: readonly string[] = []): Promise<unknown> {
  const args = ["stack", "output", "--json", ...options, "--stack", stack, "--non-interactive"];
  const text = await new Promise<string>((resolve, reject) => {
    const cli = pulumiCli(env);
    if (cli === undefined) return reject(noCli());
    execFile(cli.file, args, { env, maxBuffer: mostOutput, shell: needsShell(cli) }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(explained(error, stderr.trim(), stack));
    });
  });
  // What is made of secret settings is secret. Only where something is does the CLI need the key to it.
  if (text.includes('"[secret]"') && options.length === 0) return stackOutputs(stack, env, ["--show-secrets"]);
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`\`pulumi ${args.join(" ")}\` did not print JSON:\n${text.slice(0, 500)}`);
  }
}

function noCli(): UserError {
  return new UserError(
    "The Pulumi CLI was not found on the PATH, and the outputs of a deployed stack come from it. Install it, or say --local for the stack that runs on this machine.",
  );
}

/** What the npm package says when it cannot fetch its CLI. */
const isNotFetched = /^Downloading pulumi .*\r?\npulumi: /m;

function explained(error: Error, stderr: string, stack: string): UserError {
  const answer = stderr === "" ? error.message : stderr;
  const wayOut = /no stack named/i.test(answer)
    ? `\`pulumi stack ls\` shows the stacks there are.`
    : /login|PULUMI_ACCESS_TOKEN/i.test(answer)
      ? "`pulumi login` signs you in."
      : isNotFetched.test(answer)
        ? `Install a Pulumi CLI on the PATH (${download}), or say --local for the stack that runs on this machine.`
        : undefined;
  return new UserError(
    [`The outputs of stack ${stack} could not be read:`, answer, ...(wayOut ? [wayOut] : [])].join("\n"),
  );
}
