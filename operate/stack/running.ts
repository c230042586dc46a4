import type { Engine } from "../../local/engine/engine.ts";
import { UserError } from "../../terminal/user-error.ts";
import { announced } from "./announcement.ts";
import { makeClients } from "./clients.ts";
import { readOutputs, type Target } from "./target.ts";

/** A stack that another process runs on this machine. */
export function running(stack: string, root = "."): Target {
  const found = announced(stack, root);
  if (found === undefined) {
    throw new UserError(
      `No stack ${stack} runs on this machine. Start it with \`npm start -- --stack ${stack} --keep\`, leave it running, and try again in another shell; without --local, the deployed stack is meant.`,
    );
  }
  const { AWS_ENDPOINT_URL = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = found.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const clients = makeClients({ endpoint: AWS_ENDPOINT_URL, region: found.region, credentials });
  return onThisMachine(stack, found.outputs, clients);
}

/** A stack that this process runs. */
export function runningHere(engine: Engine, stack: string): Target {
  return onThisMachine(stack, engine.outputs, engine.clients);
}

function onThisMachine(stack: string, outputs: unknown, clients: Target["clients"]): Target {
  const { region, consumers } = readOutputs(outputs);
  return { title: `stack ${stack} on this machine`, region, consumers, clients, wait: 0 };
}
