import type { IncomingMessage, ServerResponse } from "node:http";
import { UserError } from "../../../terminal/user-error.ts";
import { account, arn, defaultRegion } from "../aws.ts";
import type { DeliveryError, DeliveryStats } from "./delivery-report.ts";
import { DeliveryStream } from "./delivery-stream.ts";
import { type DeliveryStreamInputs, deliveryStreamInputs } from "./delivery-stream-inputs.ts";
import type { Faults } from "./faults.ts";
import type { Warehouse } from "./loader.ts";
import { type Made, operations } from "./operations.ts";
import { answer, type Operation, ServiceError } from "./protocol.ts";
import { type Clock, systemClock } from "./retries.ts";
import type { Place, Storage } from "./staging.ts";

/** The identity in which a stream calls AWS. */
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
  denialOf?(place: Place, as: StreamRole): string | undefined;
  /** What is to go wrong. @default nothing */
  readonly faults?: Faults;
  /**
   * How long a second of a stream's configuration lasts, in seconds: 0.01 buffers for 9 seconds instead of 900, and
   * tries a COPY again after 3 seconds instead of 300. `idle()` never waits for the time to pass. @default 1
   */
  readonly intervalScale?: number;
  /** @default this machine's */
  readonly clock?: Clock;
  /** Called for every delivery that failed, with what CloudWatch would show. */
  onError?(error: DeliveryError): void;
}

/** So many delivery errors are kept; the oldest go first. */
const keptErrors = 1000;

/**
 * A stand-in for Amazon Data Firehose: Direct PUT over its own protocol, S3 for staging, Redshift as the destination.
 * Streams are known by name in every Region. It does not imitate quotas, record processing or other destinations.
 */
export class Firehose {
  readonly #options: FirehoseOptions;
  readonly #clock: Clock;
  readonly #streams = new Map<string, Made>();
  readonly #errors: DeliveryError[] = [];
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(options: FirehoseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#operations = operations((name) => this.#find(name), options.faults ?? {});
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
      denialOf: (place, roleArn) => this.#options.denialOf?.(place, { stream: name, roleArn }),
      faults,
      clock: this.#clock,
      intervalScale,
      onError: (error) => this.#keep(error),
    });
    this.#streams.set(name, { stream, created: this.#clock.now() });
    return { name, arn: stream.arn };
  }

  /** Answers a request in Firehose's protocol. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return answer(request, response, this.#operations);
  }

  /**
   * Has all streams deliver what they hold, and resolves once every COPY has ended. A COPY that fails is tried again as
   * often as its stream's retry duration allows, without the waits in between; then its objects are parked under
   * `errors/manifests/`, which ends it. So this always resolves, and `stats` and `errors` say what became of the data.
   */
  async idle(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ stream }) => stream.idle()));
  }

  /** What a stream has done so far. */
  stats(name: string): Readonly<DeliveryStats> {
    return { ...this.#find(name).stream.stats };
  }

  /** What a stream was made with. */
  inputs(name: string): DeliveryStreamInputs {
    return this.#find(name).stream.inputs;
  }

  /** The deliveries that failed, the newest last. */
  get errors(): readonly DeliveryError[] {
    return this.#errors;
  }

  /** Ends all streams; what is not yet in S3 is lost. */
  async stop(): Promise<void> {
    await Promise.all([...this.#streams.values()].map(({ stream }) => stream.stop()));
  }

  #find(name: string): Made {
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
