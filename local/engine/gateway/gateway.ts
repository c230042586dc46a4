import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { billable } from "../cost/billable.ts";
import type { Units } from "../cost/units.ts";
import { type LoopbackServer, startLoopbackServer } from "../loopback.ts";
import { type AwsError, errorText, renderError } from "./aws-error.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import type { Reply } from "./fault.ts";
import type { RequestHead } from "./forward.ts";
import { type Meter, Meters } from "./meters.ts";
import { operationOf, speaksJson } from "./operation.ts";
import { type Principal, type ServiceCall, scopeOf } from "./service-call.ts";

/** What an AWS client signs its requests with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const defaultCaller: Principal = { kind: "user", name: "user" };

/**
 * The one door for every AWS call. It knows the caller by the access key and the service by the signature's scope, has the
 * call dispatched to the service's emulator, and counts.
 */
export class Gateway {
  /** Its address: what `AWS_ENDPOINT_URL` must be. */
  readonly endpoint: string;
  /** The signing names of the services that it leads to. */
  readonly services: readonly string[];
  readonly #server: LoopbackServer;
  readonly #dispatcher: Dispatcher;
  readonly #principals = new Map<string, Principal>();
  readonly #meters = new Meters();

  /** Starts a gateway on a free port of this machine's loopback interface. */
  static async start(options: DispatcherOptions): Promise<Gateway> {
    const server = await startLoopbackServer((incoming, response) => void gateway.#serve(incoming, response));
    const gateway = new Gateway(server, options);
    return gateway;
  }

  private constructor(server: LoopbackServer, options: DispatcherOptions) {
    this.#server = server;
    this.endpoint = server.endpoint;
    this.services = Object.keys(options.services);
    this.#dispatcher = new Dispatcher(server.endpoint, options);
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

  /** What was called so far. */
  meters(): readonly Readonly<Meter>[] {
    return this.#meters.all();
  }

  /** Does something while no call of DynamoDB or its streams is under way and new ones wait. It must not call through the gateway. */
  aloneWithDynamoDb<T>(work: () => Promise<T>): Promise<T> {
    return this.#dispatcher.aloneWithDynamoDb(work);
  }

  /** Ends it and every connection. */
  async stop(): Promise<void> {
    this.#dispatcher.stop();
    await this.#server.stop();
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
      response.destroy(); // the caller went away, or HTTP does not allow the answer: all that is left is to hang up
    }
  }

  async #reply(incoming: IncomingMessage): Promise<Reply> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const body = await buffer(incoming);
    try {
      return await this.#answer({ method, path, headers }, body);
    } catch (error) {
      const message = `The gateway failed: ${(error as Error).message}`;
      return renderError({ status: 500, code: "InternalFailure", message }, "", true);
    }
  }

  async #answer(head: RequestHead, body: Buffer): Promise<Reply> {
    const { method, path, headers } = head;
    const url = new URL(path, this.endpoint);
    const target = headers["x-amz-target"] as string | undefined;
    const scope = scopeOf(headers.authorization, url);
    if (scope === undefined) return renderError(unsigned, "", target !== undefined);
    const { service, region } = scope;
    const principal = this.#principals.get(scope.accessKeyId) ?? defaultCaller;
    const operation = operationOf(service, method, url, target, body, headers);
    const call: ServiceCall = { principal, service, region, operation, path, headers, body };
    let units: Units = {};
    const { reply, faulted } = await this.#dispatcher.dispatch(
      call,
      head,
      speaksJson(service, target),
      (...answered) => {
        units = billable(...answered); // what took effect is billed, whatever its caller learns of it
      },
    );
    const { status, bytes } =
      typeof reply === "string" ? { status: 0, bytes: 0 } : { ...reply, bytes: reply.body.length };
    const error = typeof reply === "string" ? "the connection was lost" : errorText(reply);
    this.#meters.count(call, { status, bytes, fault: faulted, units, error });
    return reply;
  }
}

const unsigned: AwsError = {
  status: 403,
  code: "MissingAuthenticationToken",
  message: "Request is missing Authentication Token",
};
