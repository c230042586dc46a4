import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { FaultHook } from "../../../../local/engine/gateway/fault.ts";
import { Gateway } from "../../../../local/engine/gateway/gateway.ts";
import type { Principal } from "../../../../local/engine/gateway/service-call.ts";
import { makeClients } from "../../../../operate/clients.ts";

type Json = Record<string, unknown>;

/** A request as it arrived at the emulator. */
export interface Seen {
  readonly target: string;
  readonly path: string;
  readonly body: Json;
}

/** A gateway in front of an emulator that answers what a test says; both are new for each test. */
export class GatewayFixture {
  gateway!: Gateway;
  /** What has arrived at the emulator. */
  seen: Seen[] = [];
  /** What the emulator answers. */
  answer: (seen: Seen) => unknown = () => ({});
  /** Decides which calls fail. */
  faults: FaultHook = () => undefined;
  #emulator!: Server;

  constructor() {
    beforeEach(() => this.#start());
    afterEach(() => this.#stop());
  }

  /** How an SDK client of a function reaches the gateway. */
  config(caller: string | Principal, maxAttempts = 1) {
    const principal: Principal = typeof caller === "string" ? { kind: "function", name: caller } : caller;
    const { gateway } = this;
    return { endpoint: gateway.endpoint, region: "eu-west-1", credentials: gateway.issue(principal), maxAttempts };
  }

  /** Clients of a function, with the SDK's own retries. */
  clients() {
    const { endpoint, region, credentials } = this.config("f");
    return makeClients({ endpoint, region, credentials });
  }

  async #start(): Promise<void> {
    this.seen = [];
    this.answer = () => ({});
    this.faults = () => undefined;
    this.#emulator = createServer(async (request, response) => {
      const body = await text(request);
      const seen = {
        target: String(request.headers["x-amz-target"]),
        path: request.url ?? "",
        body: body.startsWith("{") ? JSON.parse(body) : {},
      };
      this.seen.push(seen);
      if (request.method === "HEAD") response.setHeader("content-length", "1234").end();
      else response.end(JSON.stringify(this.answer(seen)));
    }).listen(0, "127.0.0.1");
    await once(this.#emulator, "listening");
    const address = async () => `http://127.0.0.1:${(this.#emulator.address() as AddressInfo).port}`;
    this.gateway = await Gateway.start({
      services: { dynamodb: address, sqs: address, firehose: address, s3: address },
      faults: (call) => this.faults(call),
    });
  }

  async #stop(): Promise<void> {
    await this.gateway.stop();
    this.#emulator.closeAllConnections();
    this.#emulator.close();
  }
}
