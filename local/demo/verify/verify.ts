import type { ImageForm } from "../../../handlers/core/image-json.ts";
import type { Engine } from "../../engine.ts";
import type { FailedChanges } from "../failed-changes.ts";
import type { Inbox } from "../inbox.ts";
import type { Items } from "../source-items.ts";
import type { StreamChange } from "../stream-changes.ts";
import type { KeyAttribute } from "../workload.ts";

/** What a verification may know. */
export interface Subject {
  readonly engine: Engine;
  /** The stack's outputs for the destination's sink. */
  readonly sink: Readonly<Record<string, string>>;
  /** The settings that the destination's handler runs with. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly images?: ImageForm };
  /** The changes that should arrive: those of the stream, as read from it now, that the mapping's filters let through. */
  readonly changes: readonly StreamChange[];
  /** The items that those changes end with, by key hash: without filters they are the source's. */
  readonly items: Items;
  readonly keySchema: readonly KeyAttribute[];
  /** What lies in the failure queue: these changes may have arrived or not, and their keys are known to be behind. */
  readonly failed: FailedChanges;
  readonly take: Inbox;
}

/** What was found at a destination. */
export interface Verdict {
  /** What arrived, such as `7958 in 8120 rows, 3120 current`. */
  readonly arrived: string;
  /** What is wrong, a line each; none if the destination holds exactly what it should. */
  readonly problems: readonly string[];
}

/** How a kind of destination is verified; the file of the kind's name exports it as `verification`. */
export interface Verification {
  /** Whether the kind must refuse a string with U+0000, which then lies in the failure queue. */
  readonly refusesNul: boolean;
  /** Compares a destination with the source, and with each of its changes if it keeps them. */
  verify(subject: Subject): Promise<Verdict>;
}
