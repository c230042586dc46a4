import { type DeliveryError, type DeliveryStats, errorCode, noStats } from "./delivery-report.ts";
import type { BucketConfiguration, DeliveryStreamInputs } from "./delivery-stream-inputs.ts";
import type { Faults } from "./faults.ts";
import { type LoaderOptions, load } from "./loader.ts";
import { billedUnits } from "./records.ts";
import { type Clock, Retries, type Schedule } from "./retries.ts";
import { type Place, Staging, type Storage } from "./staging.ts";

export interface DeliveryStreamOptions {
  readonly inputs: DeliveryStreamInputs;
  readonly arn: string;
  /** A client for S3 that speaks in a role. */
  storage(roleArn: string): Storage;
  readonly warehouse: LoaderOptions["warehouse"];
  readonly secrets: LoaderOptions["secrets"];
  /** Why a role may not stage data there. */
  denialOf(place: Place, roleArn: string): string | undefined;
  readonly faults: Faults;
  readonly clock: Clock;
  /** How long a second of the configuration lasts, in seconds. */
  readonly intervalScale: number;
  onError(error: DeliveryError): void;
}

/** Firehose tries a failed COPY again every five minutes. */
const copyInterval = 300;

/** Firehose tries to write to S3 for a day; how often is not documented. */
const untilStaged: Schedule = { every: 3600, during: 86_400 };

/** Takes records, gathers them, stages them in S3 and has Redshift load them. Nothing keeps their order. */
export class DeliveryStream {
  readonly inputs: DeliveryStreamInputs;
  readonly arn: string;
  readonly stats: DeliveryStats = noStats();
  readonly #options: DeliveryStreamOptions;
  readonly #retries: Retries;
  readonly #staging: Staging;
  readonly #backup: Staging | undefined;
  readonly #running = new Set<Promise<void>>();
  #buffer: Buffer[] = [];
  #buffered = 0;
  #cancelTimer: (() => void) | undefined;
  /** Keys of objects that wait until the current COPY has ended. */
  #staged: string[] = [];
  #loading = false;

  constructor(options: DeliveryStreamOptions) {
    this.#options = options;
    this.inputs = options.inputs;
    this.arn = options.arn;
    this.#retries = new Retries(options.clock, options.intervalScale);
    const { s3Configuration, s3BackupMode, s3BackupConfiguration } = this.inputs.redshiftConfiguration;
    const stream = { stream: this.inputs.name, version: "1" };
    const staging = (configuration: BucketConfiguration) =>
      new Staging(options.storage(configuration.roleArn), configuration, stream, (place) =>
        options.denialOf(place, configuration.roleArn),
      );
    this.#staging = staging(s3Configuration);
    if (s3BackupMode === "Enabled" && s3BackupConfiguration) {
      this.#backup = staging(s3BackupConfiguration);
    }
  }

  /** Takes a record into the buffer. */
  put(record: Buffer): void {
    const { bufferingInterval, bufferingSize } = this.inputs.redshiftConfiguration.s3Configuration;
    this.stats.records += 1;
    this.stats.bytes += record.length;
    this.stats.billedUnits += billedUnits(record);
    this.#buffer.push(record);
    this.#buffered += record.length;
    const wait = this.#retries.milliseconds(bufferingInterval);
    if (this.#buffered >= bufferingSize * 1024 * 1024) this.#cut();
    else this.#cancelTimer ??= this.#options.clock.after(wait, () => this.#cut());
  }

  /** Stages what is buffered, and resolves once everything was loaded or parked. Retries do not wait for their time. */
  async idle(): Promise<void> {
    const allowWaits = this.#retries.skipWaits();
    try {
      for (this.#cut(); this.#running.size > 0; this.#cut()) await Promise.all(this.#running);
    } finally {
      allowWaits();
    }
  }

  /** Ends the stream without delivering what is still buffered or waiting. */
  async stop(): Promise<void> {
    this.#cancelTimer?.();
    this.#retries.stop();
    await Promise.all(this.#running);
  }

  /** Turns the buffer into an object. */
  #cut(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const records = this.#buffer;
    if (records.length === 0 || this.#retries.stopped) return;
    this.#buffer = [];
    this.#buffered = 0;
    this.#run(() => this.#stage(records));
  }

  async #stage(records: readonly Buffer[]): Promise<void> {
    const staged = await this.#inBucket([], async () => {
      const now = this.#options.clock.now();
      await this.#backup?.write(records, now);
      this.#staged.push(await this.#staging.write(records, now));
    });
    if (staged) this.stats.objects += 1;
    else this.stats.lost += records.length;
    if (!this.#loading) await this.#loadStaged();
  }

  /** One COPY at a time; the next takes all objects that were staged meanwhile. Retries go on beside it. */
  async #loadStaged(): Promise<void> {
    this.#loading = true;
    while (this.#staged.length > 0 && !this.#retries.stopped) {
      const keys = this.#staged.splice(0);
      await new Promise<void>((proceed) => this.#run(() => this.#deliver(keys, proceed).finally(proceed)));
    }
    this.#loading = false;
  }

  /** Loads objects, or parks them in the end. @param tried called after the first attempt */
  async #deliver(keys: readonly string[], tried: () => void): Promise<void> {
    const { clusterJdbcurl, retryDuration } = this.inputs.redshiftConfiguration;
    if (!(await this.#inBucket(keys, () => this.#staging.list(keys, this.#options.clock.now())))) return;
    const schedule = { every: copyInterval, during: retryDuration };
    const loaded = await this.#retries.run(
      schedule,
      (attempt) => this.#copy(keys, attempt).finally(tried),
      (error) => this.#log(error, clusterJdbcurl, keys),
    );
    if (loaded || this.#retries.stopped) return;
    const parked = await this.#inBucket(keys, () => this.#staging.park(keys, this.#options.clock.now()));
    if (parked) this.stats.parked += keys.length;
  }

  async #copy(keys: readonly string[], attempt: number): Promise<void> {
    const { warehouse, secrets, faults } = this.#options;
    const { name, redshiftConfiguration: configuration } = this.inputs;
    try {
      const fault = await faults.copy?.({ stream: name, objects: keys, attempt });
      const done = await load(keys, fault, { configuration, staging: this.#staging, warehouse, secrets });
      this.stats.copies += done.copies;
      this.stats.rows += done.rows;
      if (!done.known) throw new Error("the connection was lost on purpose before the COPY was answered");
    } catch (error) {
      this.stats.failedCopies += 1;
      throw error;
    }
  }

  #inBucket(keys: readonly string[], work: () => Promise<void>): Promise<boolean> {
    const { bucketArn } = this.inputs.redshiftConfiguration.s3Configuration;
    return this.#retries.run(untilStaged, work, (error) => this.#log(error, bucketArn, keys));
  }

  #run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #log(error: Error, destination: string, objects: readonly string[]): void {
    this.#options.onError({
      deliveryStreamARN: this.arn,
      deliveryStreamVersionId: 1,
      destination,
      errorCode: errorCode(error),
      message: error.message,
      objects,
      time: new Date(this.#options.clock.now()).toISOString(),
    });
  }
}
