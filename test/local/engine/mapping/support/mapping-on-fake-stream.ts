import type { Checkpoints } from "../../../../../local/engine/mapping/checkpoint.ts";
import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import type { Mapping } from "../../../../../local/engine/mapping/options.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import { TestClock } from "./clock.ts";
import type { recordingFunction } from "./function.ts";
import { FakeStream } from "./stream.ts";

/** A mapping on a stream that does what DynamoDB Local's never do, and the problems that it reports. */
export class MappingOnFakeStream {
  readonly stream = new FakeStream();
  readonly problems: string[] = [];
  #mapping: Mapping | undefined;

  /** Starts a mapping; it is the one that `stop` stops. */
  start(
    consumer: ReturnType<typeof recordingFunction>,
    inputs: Record<string, unknown> = {},
    checkpoints: Checkpoints = new Map(),
  ): Mapping {
    this.#mapping = startMapping({
      uuid: "uuid",
      functionArn: "function",
      streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
      region: "eu-west-1",
      streams: this.stream.client,
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON", maximumRetryAttempts: 2, ...inputs }),
      invoke: consumer.invoke,
      checkpoints,
      onProblem: ({ message }) => this.problems.push(message),
      clock: new TestClock(1_700_000_000_000),
    });
    return this.#mapping;
  }

  async stop(): Promise<void> {
    await this.#mapping?.stop();
  }
}
