import { startMapping } from "../../../../../local/engine/mapping/mapping.ts";
import type { Mapping, MappingOptions } from "../../../../../local/engine/mapping/options.ts";
import { mappingSettings } from "../../../../../local/engine/mapping/settings.ts";
import type { WindowEvent } from "../../../../../local/engine/mapping/windows/window.ts";
import { TestClock } from "./clock.ts";
import { FunctionFailure, idOf } from "./function.ts";
import { FakeStream } from "./stream.ts";

export const noon = Date.parse("2024-03-01T12:00:00Z");
export const minute = 60_000;

/** A call as the tables in the tests write it: the ids, the state that came with it, and what it says about its window. */
export function brief(event: WindowEvent): string {
  const ids = event.Records.map(idOf).join("");
  const final = event.isFinalInvokeForWindow ? " final" : "";
  const early = event.isWindowTerminatedEarly ? " early" : "";
  return `${event.window.start.slice(11, 16)} [${ids}] ${JSON.stringify(event.state)}${final}${early}`;
}

/** The function that gathers the ids in its state. */
export function gather({ state, Records }: WindowEvent) {
  return { state: { ids: `${(state as { ids?: string }).ids ?? ""}${Records.map(idOf).join("")}` } };
}

/** A stream with the shard `one`, and mappings with tumbling windows of a minute that read it. */
export class MappingWithWindows {
  readonly stream = new FakeStream();
  readonly calls: WindowEvent[] = [];
  readonly clock = new TestClock(noon);
  #mapping: Mapping | undefined;

  constructor() {
    this.stream.addShard("one");
  }

  /** @param answer what the function answers; throwing fails the invocation */
  start(
    answer: (event: WindowEvent) => unknown,
    inputs: Record<string, unknown> = {},
    options: Partial<MappingOptions> = {},
  ): Mapping {
    const { calls, clock, stream } = this;
    this.#mapping = startMapping({
      uuid: "uuid",
      functionArn: "function",
      streamArn: "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/s",
      region: "eu-west-1",
      streams: stream.client,
      settings: mappingSettings({ startingPosition: "TRIM_HORIZON", tumblingWindowInSeconds: 60, ...inputs }),
      async invoke(event) {
        calls.push(event as WindowEvent);
        try {
          return { payload: answer(event as WindowEvent), functionError: null, requestId: "r" };
        } catch (error) {
          if (!(error instanceof FunctionFailure)) throw error;
          return { payload: { errorMessage: error.message }, functionError: "Unhandled", requestId: "r" };
        }
      },
      onProblem: (problem) => {
        throw problem;
      },
      clock,
      ...options,
    });
    return this.#mapping;
  }

  async stop(): Promise<void> {
    await this.#mapping?.stop();
  }
}
