import { Agent } from "node:http";
import { setTimeout } from "node:timers/promises";
import { arn } from "../aws.ts";
import { markExpired } from "../time-to-live/expiry-marks.ts";
import { fromEmulator, toEmulator } from "./addresses.ts";
import { type Answer, type AwsError, renderError } from "./aws-error.ts";
import { applyFault, delayed, type FaultHook, type Outcome } from "./fault.ts";
import { forward, type RequestHead } from "./forward.ts";
import { Messages } from "./messages.ts";
import { isInvocation, type ServiceCall } from "./service-call.ts";
import { mendStreamRecords } from "./stream-records.ts";

export interface DispatcherOptions {
  /** The emulators' addresses, by the services' signing names; asked for at each call. */
  readonly services: Readonly<Record<string, () => Promise<string>>>;
  /** Refuses calls that their callers may not make. @default every caller may do everything */
  authorize?(call: ServiceCall): AwsError | undefined;
  /** Decides which calls fail, and how. */
  readonly faults?: FaultHook;
  /** Whether time to live made a stream's change, by its event id. @default it made none */
  isExpiry?(eventId: string): boolean;
  /** The attribute by which a table's items expire, by the table's ARN. @default none does */
  expiresBy?(tableArn: string): string | undefined;
}

/** Takes calls to the emulators: refuses what the caller may not do, applies faults, and translates addresses. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** The gateway's own address. */
  readonly #endpoint: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #dynamodb = new SharedLock();
  readonly #messages = new Messages();
  readonly #stopping = new AbortController();

  constructor(endpoint: string, options: DispatcherOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** Does something while no call of DynamoDB or its streams is under way and new ones wait. It must not call through the gateway. */
  aloneWithDynamoDb<T>(work: () => Promise<T>): Promise<T> {
    return this.#dynamodb.exclusive(work);
  }

  /** Ends calls that a fault holds up, and every connection to an emulator. */
  stop(): void {
    this.#stopping.abort();
    this.#agent.destroy();
  }

  /**
   * What becomes of a call: it is refused, meets a fault, or is passed on.
   * @param json whether the caller expects JSON
   * @param onAnswer called with what an emulator answered, and to what, before any fault changes the answer
   */
  async dispatch(
    call: ServiceCall,
    head: RequestHead,
    json: boolean,
    onAnswer: (call: ServiceCall, answer: Answer) => void,
  ): Promise<Outcome> {
    const refusal = this.#unknownService(call) ?? this.#options.authorize?.(call);
    if (refusal !== undefined) return { reply: renderError(refusal, call.service, json), faulted: false };
    // A function that is invoked asks for faults itself, whatever invokes it.
    const { milliseconds, fault } = delayed(isInvocation(call) ? undefined : this.#options.faults?.(call));
    if (milliseconds > 0) await setTimeout(milliseconds, undefined, { signal: this.#stopping.signal });
    const pass = async (body: Buffer) => {
      const passed = { ...call, body };
      const answer = await this.#forward(passed, head, json);
      onAnswer(passed, answer);
      return answer;
    };
    const perform = async () => {
      const { reply, faulted } = await applyFault(call, fault, json, pass);
      return { reply, faulted: faulted || milliseconds > 0 };
    };
    return call.service === "dynamodb" ? this.#dynamodb.shared(perform) : perform();
  }

  async #forward(call: ServiceCall, head: RequestHead, json: boolean): Promise<Answer> {
    const { service } = call;
    try {
      const emulator = await this.#options.services[service]!();
      const answer = await forward(head, toEmulator(this.#prepare(call)), emulator, this.#agent);
      const mended = this.#mend(call, answer);
      const body = fromEmulator(call, this.#endpoint, mended);
      const { "x-amz-crc32": checksum, ...headers } = answer.headers;
      return body === answer.body ? answer : { ...answer, headers, body };
    } catch (error) {
      // A connection that the emulator closes while it is being reused looks like an outage, and a retry mends it.
      const message = `The stand-in for ${service} did not answer: ${(error as Error).message}`;
      return renderError({ status: 503, code: "ServiceUnavailable", message }, service, json);
    }
  }

  #prepare(call: ServiceCall): ServiceCall {
    return call.service === "sqs" ? { ...call, body: this.#messages.toEmulator(call) } : call;
  }

  /** What DynamoDB would answer and DynamoDB Local does not know: what has expired, by its own event ids, and that anything may. So for SQS. */
  #mend(call: ServiceCall, answer: Answer): Buffer {
    const { service, region, operation, body } = call;
    if (service === "sqs") return this.#messages.fromEmulator(call, answer);
    if (service !== "dynamodb" || answer.status !== 200) return answer.body;
    const { isExpiry = () => false, expiresBy = () => undefined } = this.#options;
    if (operation === "GetRecords") return mendStreamRecords(markExpired(answer.body, isExpiry));
    if (operation !== "DescribeTimeToLive") return answer.body;
    const table = String(JSON.parse(body.toString("utf8")).TableName);
    const AttributeName = expiresBy(table.startsWith("arn:") ? table : arn("dynamodb", region, `table/${table}`));
    if (AttributeName === undefined) return answer.body;
    return Buffer.from(JSON.stringify({ TimeToLiveDescription: { AttributeName, TimeToLiveStatus: "ENABLED" } }));
  }

  #unknownService({ service, operation }: ServiceCall): AwsError | undefined {
    const known = Object.keys(this.#options.services);
    if (known.includes(service)) return undefined;
    const message = `${service}:${operation} was called, but this machine stands in for ${known.join(", ")} only.`;
    return { status: 400, code: "UnknownOperationException", message };
  }
}

/** A readers-writer lock: many may hold it together, or one alone. */
class SharedLock {
  #holders = 0;
  #exclusive: Promise<void> | undefined;
  #released: (() => void) | undefined;

  /** Does the work as one of many. */
  async shared<T>(work: () => Promise<T>): Promise<T> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    this.#holders += 1;
    try {
      return await work();
    } finally {
      this.#holders -= 1;
      if (this.#holders === 0) this.#released?.();
    }
  }

  /** Does the work alone: waits until those that share the lock are done, and lets nobody else begin. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exclusive = promise;
    try {
      if (this.#holders > 0) await new Promise<void>((released) => (this.#released = released));
      return await work();
    } finally {
      this.#released = undefined;
      this.#exclusive = undefined;
      resolve();
    }
  }
}
