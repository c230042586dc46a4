import type { Checkpoints } from "./checkpoint.ts";
import { recordFilter } from "./decode.ts";
import type { Mapping, MappingOptions, MappingState } from "./options.ts";
import { Problems } from "./problems.ts";
import { MappingRun } from "./run.ts";
import { newStats, settledIn } from "./stats.ts";

/**
 * Starts what Lambda calls an event source mapping: reads a DynamoDB stream and invokes a function with its records.
 *
 * `run.ts` is what it does while it is enabled; there `find-shards.ts` opens each shard that may be read. A record's way
 * through `shard.ts` is `read.ts`, `decode.ts` (with the filters), `gather.ts` (into batches), `deliver.ts` (invoke),
 * `decide.ts` (what the answer means and what happens next), and in the end `checkpoint.ts`, after `give-up.ts` and
 * `destinations.ts` if the function never accepted it. With tumbling windows, `windows/` decides how records are gathered.
 */
export function startMapping(options: MappingOptions): Mapping {
  return new StreamMapping(options);
}

/** A mapping that can be disabled and enabled: each time that it is enabled, another run goes on from the same checkpoints. */
class StreamMapping implements Mapping {
  readonly stats = newStats();
  readonly failed: Mapping["failed"];
  readonly passes: Mapping["passes"];
  readonly #options: MappingOptions;
  readonly #problems: Problems;
  readonly #begin: () => MappingRun;
  #state: MappingState = "Disabled";
  /** The run that works, or that worked last. */
  #run: MappingRun | undefined;
  /** Resolves when the run is where reading begins, or has ended before. */
  #starting: Promise<void> | undefined;
  /** Resolves when nothing is under way in a mapping that is being disabled. */
  #disabling: Promise<void> | undefined;
  #stopped = false;

  constructor(options: MappingOptions) {
    const checkpoints: Checkpoints = options.checkpoints ?? new Map();
    const filter = recordFilter(options);
    const problems = new Problems(options);
    this.#options = options;
    this.#problems = problems;
    this.failed = problems.failed;
    this.passes = (record) => filter(record) !== undefined;
    this.#begin = () => new MappingRun(this.#options, { checkpoints, stats: this.stats, problems, filter });
    if (options.settings.enabled) this.#enable("Creating");
  }

  get state(): MappingState {
    return this.#state;
  }

  get trouble(): string | undefined {
    return this.#run?.trouble;
  }

  async started(): Promise<void> {
    await this.#starting;
    this.#mustWork();
  }

  async idle(): Promise<void> {
    for (;;) {
      if (this.#state === "Disabling") await this.#disabling;
      this.#mustWork();
      if (this.#state === "Disabled" || (await this.#run!.idle())) return;
    }
  }

  setEnabled(enabled: boolean): void {
    this.#mustWork();
    const wanted = enabled ? "Enabled" : "Disabled";
    if (this.#state === wanted) return;
    if (this.#state !== "Enabled" && this.#state !== "Disabled") {
      throw new Error(`${this.#problems.name} is ${this.#state}, and can only be ${wanted} after that`);
    }
    if (enabled) this.#enable("Enabling");
    else this.#disable(this.#run!);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#run?.stop();
  }

  #enable(meanwhile: "Creating" | "Enabling"): void {
    const run = this.#begin();
    this.#run = run;
    this.#state = meanwhile;
    run.start();
    this.#starting = run.started().then((begun) => {
      if (begun) this.#state = "Enabled";
    });
  }

  #disable(run: MappingRun): void {
    this.#state = "Disabling";
    this.#disabling = run.stop().then(() => {
      this.stats.polled = settledIn(this.stats); // the next run reads again what this one has not settled
      this.#state = "Disabled";
    });
  }

  #mustWork(): void {
    if (this.#problems.failure !== undefined) throw this.#problems.failure;
    if (this.#stopped) throw new Error(`${this.#problems.name} was stopped`);
  }
}
