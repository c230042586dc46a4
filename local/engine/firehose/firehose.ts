import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { UserError } from "../../../terminal/user-error.ts";
import { account, arn, defaultRegion } from "../aws.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { DeliveryError } from "./delivery-error.ts";
import type { DeliveryStats } from "./delivery-stats.ts";
import { DeliveryStream } from "./delivery-stream.ts";
import { type DeliveryStreamInputs, deliveryStreamInputs } from "./delivery-stream-inputs.ts";
import { describe } from "./describe.ts";
import type { Faults, RecordFault } from "./faults.ts";
import type { Warehouse } from "./loader.ts";
import { batchRecords, recordData } from "./records.ts";
import { invalid, ServiceError } from "./service-error.ts";
import type { Place, Storage } from "./staging.ts";

/** As whom a stream calls AWS. */
export interface StreamRole {
  /** The stream's name. */
  readonly stream: string;
  readonly roleArn: string;
}

export interface FirehoseOptions {
  /** A client for S3, where data is staged, that speaks as a stream in a role. */
  s3(as: StreamRole): Storage;
  readonly redshift: Warehouse;
  /** A secret's text, by its ARN, read as a stream in a role; fails if the role may not. */
  secrets(arn: string, as: StreamRole): Promise<string>;
  /** Why a stream in a role may not stage data there; undefined if it may. @default it may */
  obstacle?(place: Place, as: StreamRole): string | undefined;
  /** What shall go wrong. @default nothing */
  readonly faults?: Faults;
  /**
   * How long a second of a stream's configuration lasts, in seconds: 0.01 buffers for 9 seconds instead of 900, and
   * tries a COPY again after 3 seconds instead of 300. `idle()` never waits for the time to pass. @default 1
   */
  readonly intervalScale?: number;
  /** @default this machine's */
  readonly clock?: Clock;
  /** Told of every delivery that failed, as CloudWatch would show it. */
  onError?(error: DeliveryError): void;
}

/** So many delivery errors are kept; the oldest go first. */
const keptErrors = 1000;

type Operation = (input: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/**
 * A stand-in for Amazon Data Firehose: Direct PUT over its own protocol, S3 for staging, Redshift as the destination.
 * Streams are known by name in every Region. It does not imitate quotas, record processing or other destinations.
 */
export class Firehose {
  readonly #options: FirehoseOptions;
  readonly #clock: Clock;
  readonly #streams = new Map<string, { readonly stream: DeliveryStream; readonly created: number }>();
  readonly #errors: DeliveryError[] = [];
  readonly #operations: Readonly<Record<string, Operation>> = {
    PutRecordBatch: (input) => this.#putRecordBatch(input),
    PutRecord: (input) => this.#putRecord(input),
    DescribeDeliveryStream: (input) => this.#describe(input),
  };

  constructor(options: FirehoseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Makes a delivery stream, at once ACTIVE, from the inputs of an `aws.kinesis.FirehoseDeliveryStream`, in which `name`
   * must be. Fails with a UserError that names all that Firehose, or this stand-in, would refuse.
   */
  createDeliveryStream(given: Readonly<Record<string, unknown>>): { readonly name: string; readonly arn: string } {
    const inputs = deliveryStreamInputs(given);
    const { name, region } = inputs;
    if (this.#streams.has(name)) throw new UserError(`Firehose ${name} under account ${account} already exists`);
    const { redshift: warehouse, faults = {}, intervalScale = 1 } = this.#options;
    const stream = new DeliveryStream({
      inputs,
      arn: arn("firehose", region ?? defaultRegion, `deliverystream/${name}`),
      storage: (roleArn) => this.#options.s3({ stream: name, roleArn }),
      warehouse,
      secrets: (secretArn, roleArn) => this.#options.secrets(secretArn, { stream: name, roleArn }),
      obstacle: (place, roleArn) => this.#options.obstacle?.(place, { stream: name, roleArn }),
      faults,
      clock: this.#clock,
      intervalScale,
      onError: (error) => this.#keep(error),
    });
    this.#streams.set(name, { stream, created: this.#clock.now() });
    return { name, arn: stream.arn };
  }

  /** Answers a request in Firehose's protocol (awsJson1_1). */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() });
      response.end(JSON.stringify(body));
    };
    try {
      const operation = this.#operation(request.headers["x-amz-target"]);
      answer(200, operation(await input(request)));
    } catch (error) {
      const { code, status, message } = error instanceof ServiceError ? error : internal(error as Error);
      answer(status, { __type: code, message });
    }
  }

  /**
   * Has all streams deliver what they hold, and resolves once every COPY has ended. A COPY that fails is tried again as
   * often as its stream's retry duration allows, without the waits in between; then its objects are parked under
   * `errors/manifests/`, which ends it. So this always resolves, and `stats` and `errors` tell what became of the data.
   */
  async idle(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ stream }) => stream.idle()));
  }

  /** What a stream has done so far. */
  stats(name: string): Readonly<DeliveryStats> {
    return { ...this.#stream(name).stream.stats };
  }

  /** What a stream was made with. */
  inputs(name: string): DeliveryStreamInputs {
    return this.#stream(name).stream.inputs;
  }

  /** The deliveries that failed, the newest last. */
  get errors(): readonly DeliveryError[] {
    return this.#errors;
  }

  /** Ends all streams; what is not yet in S3 is lost. */
  async stop(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ stream }) => stream.stop()));
  }

  #operation(target: string | string[] | undefined): Operation {
    const [service, name = ""] = String(target ?? "").split(".");
    const operation = Object.hasOwn(this.#operations, name) ? this.#operations[name] : undefined;
    if (service === "Firehose_20150804" && operation) return operation;
    throw new ServiceError(
      "UnknownOperationException",
      `the stand-in for Firehose does not know the operation ${name || "(none)"}`,
    );
  }

  #putRecordBatch(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const name = streamName(input);
    const records = batchRecords(input);
    const { stream } = this.#stream(name);
    const faults = records.map((data, index) => this.#options.faults?.record?.({ stream: name, index, data }));
    const responses = records.map((data, index) => this.#take(stream, data, faults[index]));
    stream.stats.calls += 1;
    return { FailedPutCount: faults.filter(Boolean).length, Encrypted: encrypted(stream), RequestResponses: responses };
  }

  #putRecord(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const name = streamName(input);
    const data = recordData(input.Record, "record");
    const { stream } = this.#stream(name);
    const fault = this.#options.faults?.record?.({ stream: name, index: 0, data });
    const taken = this.#take(stream, data, fault);
    if (fault)
      throw new ServiceError(
        fault.errorCode,
        messages[fault.errorCode],
        fault.errorCode === "InternalFailure" ? 500 : 503,
      );
    stream.stats.calls += 1;
    return { ...taken, Encrypted: encrypted(stream) };
  }

  #take(stream: DeliveryStream, data: Buffer, fault: RecordFault | undefined): Record<string, string> {
    if (fault === undefined || fault.taken) stream.put(data);
    if (fault === undefined) return { RecordId: randomBytes(96).toString("base64url") };
    stream.stats.failedEntries += 1;
    return { ErrorCode: fault.errorCode, ErrorMessage: messages[fault.errorCode] };
  }

  #describe(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { stream, created } = this.#stream(streamName(input));
    return describe(stream.inputs, stream.arn, created);
  }

  #stream(name: string) {
    const found = this.#streams.get(name);
    if (found) return found;
    throw new ServiceError("ResourceNotFoundException", `Firehose ${name} under account ${account} not found.`);
  }

  #keep(error: DeliveryError): void {
    this.#errors.push(error);
    if (this.#errors.length > keptErrors) this.#errors.shift();
    this.#options.onError?.(error);
  }
}

const messages: Readonly<Record<RecordFault["errorCode"], string>> = {
  ServiceUnavailableException: "Slow down.",
  InternalFailure: "Internal service failure.",
};

function encrypted({ inputs }: DeliveryStream): boolean {
  return inputs.serverSideEncryption?.enabled === true;
}

function streamName({ DeliveryStreamName: name }: Readonly<Record<string, unknown>>): string {
  if (name === undefined || name === null) throw invalid("deliveryStreamName", "null", "not be null");
  if (typeof name === "string" && /^[a-zA-Z0-9_.-]{1,64}$/.test(name)) return name;
  throw invalid("deliveryStreamName", `'${name}'`, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
}

async function input(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await json(request).catch((error: Error) => {
    throw new ServiceError("SerializationException", `the request is not JSON: ${error.message}`);
  });
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new ServiceError("SerializationException", "the request is not a JSON object");
}

function internal({ message }: Error): ServiceError {
  return new ServiceError("InternalFailure", message, 500);
}
