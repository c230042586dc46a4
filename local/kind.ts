import type { HandlerSettings, SinkOutputs } from "../operate/kind.ts";
import type { Loading } from "./engine/cost/cost.ts";
import type { Units } from "./engine/cost/units.ts";
import type { Engine } from "./engine/engine.ts";
import type { FaultRule } from "./engine/gateway/fault-rule.ts";
import type { Meter } from "./engine/gateway/meters.ts";

/** What the demo and the soak must know of a kind of destination; `local/kinds.ts` has the table. */
export interface LocalKind {
  /** How a destination that refuses the demo's long string is brought to take it. @default it takes every string */
  readonly mend?: Mend;
  readonly soak: SoakedKind;
  /** How often a destination is loaded, if AWS bills the time of its loads. @default it bills calls alone */
  loading?(engine: Engine, settings: HandlerSettings): Loading | undefined;
  /** What AWS bills those who read the destination for what a function has sent by calls of one operation. @default nothing */
  readers?(calls: Readonly<Meter>): Units;
  /** Statements of an ES module that show a person what arrives, ending with a line break. @default there are none */
  receive?(sink: SinkOutputs): string;
}

/** How a destination that refuses the demo's long string is brought to take it, as an operator would. */
export interface Mend {
  /** Whether a destination with these settings refuses a string of so many bytes. */
  isNeeded(settings: HandlerSettings, stringBytes: number): boolean;
  /** What is done, as the end of a sentence that begins with "With". */
  readonly what: string;
  /** Mends the destination; answers with the settings that its handler must have from then on. */
  apply(engine: Engine, settings: HandlerSettings): HandlerSettings;
}

/** How a destination of a kind is soaked. */
export interface SoakedKind {
  /** The soak's destination of the kind, as the stack's configuration gives it, without `kind`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What goes wrong all the time at this kind alone. @default nothing */
  readonly faults?: readonly FaultRule[];
  /** Takes a verified round out of a destination, so that the next one begins with nothing there. @default it holds the whole source, round after round */
  empty?(engine: Engine, sink: SinkOutputs): Promise<void>;
}
