import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Lambda, type LambdaOptions } from "../lambda/lambda.ts";

/** The stand-in for Lambda's API behind an address of its own. */
export interface LambdaServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startLambda(options: LambdaOptions): Promise<LambdaServer> {
  const lambda = new Lambda(options);
  const server = createServer((request, response) => void lambda.handle(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
