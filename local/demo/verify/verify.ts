import type { ImageForm } from "../../../handlers/core/image-json.ts";
import type { Engine } from "../../engine.ts";
import type { Items } from "../source-items.ts";
import type { KeyAttribute } from "../workload.ts";

/** What a verification may know. */
export interface Subject {
  readonly engine: Engine;
  /** The stack's outputs for the destination's sink. */
  readonly sink: Readonly<Record<string, string>>;
  /** The settings that the destination's handler runs with. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly images?: ImageForm };
  /** The source's items by key hash. */
  readonly source: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** Hashes of keys whose changes lie in the failure queue: these are behind, and known to be. */
  readonly behind: ReadonlySet<string>;
}

/** What was found at a destination. */
export interface Verdict {
  /** What arrived, such as `7958 rows, 3120 current`. */
  readonly arrived: string;
  /** What is wrong, a line each; none if the destination holds exactly what it should. */
  readonly problems: readonly string[];
}

/** How a kind of destination is verified; the file of the kind's name exports it as `verification`. */
export interface Verification {
  /** Whether the kind must refuse a string with U+0000, which then lies in the failure queue. */
  readonly refusesNul: boolean;
  /** Compares a destination with the source. */
  verify(subject: Subject): Promise<Verdict>;
}
