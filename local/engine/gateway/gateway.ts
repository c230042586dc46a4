import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { billable } from "../cost/billable.ts";
import type { Units } from "../cost/units.ts";
import { markExpired } from "../time-to-live/expiry-marks.ts";
import { fromEmulator, toEmulator } from "./addresses.ts";
import { type Answer, type AwsError, renderError } from "./aws-error.ts";
import { delayed, type FaultHook } from "./fault.ts";
import { type Envelope, forward, whole } from "./forward.ts";
import { type Meter, Meters } from "./meters.ts";
import { isInvocation, operationOf, type Principal, type ServiceCall, scopeOf, speaksJson } from "./service-call.ts";
import { mendStreamRecords } from "./stream-records.ts";
import { type Reply, type Struck, strike } from "./strike.ts";
import { Turnstile } from "./turnstile.ts";

/** What an AWS client signs its requests with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface GatewayOptions {
  /** The emulators' addresses, by the services' signing names; asked for at each call. */
  readonly services: Readonly<Record<string, () => Promise<string>>>;
  /** Refuses calls that their callers may not make. @default everybody may do everything */
  authorize?(call: ServiceCall): AwsError | undefined;
  /** Decides which calls fail, and how. */
  readonly faults?: FaultHook;
  /** Whether time to live made a stream's change, by its event id. @default it made none */
  isExpiry?(eventId: string): boolean;
}

const outsider: Principal = { kind: "user", name: "user" };

/**
 * The one door for every AWS call. It knows the caller by the access key and the service by the signature's scope, refuses
 * what the caller may not do, lets faults happen, speaks with the emulators in their own addresses, and counts.
 */
export class Gateway {
  /** Its address: what `AWS_ENDPOINT_URL` must be. */
  readonly endpoint: string;
  readonly #server: Server;
  readonly #options: GatewayOptions;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #principals = new Map<string, Principal>();
  readonly #meters = new Meters();
  readonly #dynamodb = new Turnstile();
  readonly #stopping = new AbortController();

  /** Starts a gateway on a free port of this machine's loopback interface. */
  static async start(options: GatewayOptions): Promise<Gateway> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Gateway(server, options);
  }

  private constructor(server: Server, options: GatewayOptions) {
    this.#server = server;
    this.#options = options;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (incoming, response) => void this.#serve(incoming, response));
  }

  /** Makes credentials by which the caller will be known. Calls with any other credentials are the user's. */
  issue(principal: Principal): Credentials {
    const accessKeyId = `ASIA${randomBytes(10).toString("hex").slice(0, 16).toUpperCase()}`;
    this.#principals.set(accessKeyId, principal);
    return {
      accessKeyId,
      secretAccessKey: randomBytes(20).toString("hex"),
      sessionToken: randomBytes(20).toString("hex"),
    };
  }

  /** The signing names of the services that it leads to. */
  get services(): readonly string[] {
    return Object.keys(this.#options.services);
  }

  /** What was called so far. */
  meters(): readonly Readonly<Meter>[] {
    return this.#meters.all();
  }

  /** Does something while no call of DynamoDB or its streams is under way and new ones wait. It must not call through the gateway. */
  aloneWithDynamoDb<T>(work: () => Promise<T>): Promise<T> {
    return this.#dynamodb.alone(work);
  }

  /** Ends it and every connection. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#agent.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.#reply(incoming);
      if (reply === "silence") return; // the connection stays open until the caller, or the gateway, ends it
      if (reply === "reset") {
        incoming.socket.resetAndDestroy();
        return;
      }
      response.writeHead(reply.status, { "content-length": reply.body.length, ...reply.headers });
      response.end(reply.body);
    } catch {
      response.destroy(); // the caller went away, or the answer is none that HTTP knows: what is left is to hang up
    }
  }

  async #reply(incoming: IncomingMessage): Promise<Reply> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const body = await whole(incoming);
    try {
      return await this.#answer({ method, path, headers }, body);
    } catch (error) {
      const message = `The gateway failed: ${(error as Error).message}`;
      return renderError({ status: 500, code: "InternalFailure", message }, "", true);
    }
  }

  async #answer(envelope: Envelope, body: Buffer): Promise<Reply> {
    const { method, path, headers } = envelope;
    const url = new URL(path, this.endpoint);
    const target = headers["x-amz-target"] as string | undefined;
    const scope = scopeOf(headers.authorization, url);
    if (scope === undefined) return renderError(unsigned, "", target !== undefined);
    const { service, region } = scope;
    const principal = this.#principals.get(scope.accessKeyId) ?? outsider;
    const operation = operationOf(service, method, url, target, body, headers);
    const call: ServiceCall = { principal, service, region, operation, path, headers, body };
    const json = speaksJson(service, target);
    let units: Units = {};
    const { reply, struck } = await this.#decide(call, json, async (sent) => {
      const passed = { ...call, body: sent };
      const answer = await this.#forward(passed, envelope);
      units = billable(passed, answer); // what took effect is billed, whatever its caller learns of it
      return answer;
    });
    const { status, bytes } =
      typeof reply === "string" ? { status: 0, bytes: 0 } : { ...reply, bytes: reply.body.length };
    this.#meters.count(call, { status, bytes, fault: struck, units });
    return reply;
  }

  /** What becomes of a call: refused, struck by a fault, or passed on. */
  async #decide(call: ServiceCall, json: boolean, pass: (body: Buffer) => Promise<Answer>): Promise<Struck> {
    const refusal = this.#absence(call) ?? this.#options.authorize?.(call);
    if (refusal !== undefined) return { reply: renderError(refusal, call.service, json), struck: false };
    // A function that is invoked asks for faults itself, whoever invokes it.
    const fault = isInvocation(call) ? undefined : this.#options.faults?.(call);
    const late = delayed(fault);
    if (late.milliseconds > 0) await setTimeout(late.milliseconds, undefined, { signal: this.#stopping.signal });
    const perform = async () => {
      const { reply, struck } = await strike(call, late.fault, json, pass);
      return { reply, struck: struck || late.milliseconds > 0 };
    };
    return call.service === "dynamodb" ? this.#dynamodb.pass(perform) : perform();
  }

  async #forward(call: ServiceCall, envelope: Envelope): Promise<Answer> {
    const { service, operation } = call;
    try {
      const emulator = await this.#options.services[service]!();
      const answer = await forward(envelope, toEmulator(call), emulator, this.#agent);
      const mended = operation === "GetRecords" ? this.#mend(answer.body) : answer.body;
      const body = fromEmulator(call, this.endpoint, mended);
      const { "x-amz-crc32": checksum, ...headers } = answer.headers;
      return body === answer.body ? answer : { ...answer, headers, body };
    } catch (error) {
      // A connection that the emulator closes while it is being reused looks like an outage, and a retry mends it.
      const message = `The stand-in for ${service} did not answer: ${(error as Error).message}`;
      const target = envelope.headers["x-amz-target"] as string | undefined;
      return renderError({ status: 503, code: "ServiceUnavailable", message }, service, speaksJson(service, target));
    }
  }

  /** A stream's records as DynamoDB would give them. What has expired is known by DynamoDB Local's own event ids. */
  #mend(body: Buffer): Buffer {
    return mendStreamRecords(markExpired(body, (eventId) => this.#options.isExpiry?.(eventId) ?? false));
  }

  #absence({ service, operation }: ServiceCall): AwsError | undefined {
    if (this.services.includes(service)) return undefined;
    const message = `${service}:${operation} was called, but this machine stands in for ${this.services.join(", ")} only.`;
    return { status: 400, code: "UnknownOperationException", message };
  }
}

const unsigned: AwsError = {
  status: 403,
  code: "MissingAuthenticationToken",
  message: "Request is missing Authentication Token",
};
