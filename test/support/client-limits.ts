import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";

/** What every AWS client inherits, and what is read here of one. */
interface SdkClient {
  readonly config: {
    maxAttempts(): Promise<number>;
    readonly requestHandler: { readonly configProvider: Promise<HttpLimits> };
  };
  send(...input: unknown[]): unknown;
}

interface HttpLimits {
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
  readonly throwOnRequestTimeout?: boolean;
  readonly httpsAgent: { readonly keepAlive: boolean; readonly maxSockets: number };
}

/**
 * Holds every AWS client that makes a call during the work to the limits of `sdkOptions`, and answers with their names. They
 * are read where the client itself has them: no test waits ten seconds for an answer that does not come.
 */
export async function expectCallLimits(work: () => Promise<unknown>): Promise<readonly string[]> {
  const clients = await clientsOf(work);
  for (const [name, { config }] of clients) {
    expect(await config.maxAttempts(), `${name}: attempts`).to.equal(1);
    const { httpsAgent, ...limits } = await config.requestHandler.configProvider;
    expect(limits, name).to.include({
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    });
    expect(httpsAgent.keepAlive, `${name}: open connections`).to.equal(true);
    // those of a destination's own number of requests at a time; a client that is told nothing has 50
    expect(httpsAgent.maxSockets, `${name}: connections`).to.be.within(1, 32);
  }
  return [...clients.keys()].toSorted();
}

/** The clients that make a call during the work, by their classes' names. */
async function clientsOf(work: () => Promise<unknown>): Promise<ReadonlyMap<string, SdkClient>> {
  const clients = new Map<string, SdkClient>();
  const base: SdkClient = Object.getPrototypeOf(S3Client.prototype);
  const { send } = base;
  base.send = function (this: SdkClient, ...input) {
    clients.set(this.constructor.name, this);
    return send.apply(this, input);
  };
  try {
    await work();
  } finally {
    base.send = send;
  }
  return clients;
}
