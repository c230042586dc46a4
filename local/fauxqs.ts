import { buildApp } from "fauxqs";

/** A running stand-in for SQS, SNS, S3 and STS. */
export interface Fauxqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts fauxqs on a free port of the loopback interface; its own `startFauxqs` would listen to the whole network. */
export async function startFauxqs(): Promise<Fauxqs> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port: 0, host: "127.0.0.1" });
  return { endpoint, stop: () => app.close() };
}
