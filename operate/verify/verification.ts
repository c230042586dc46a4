import { existsSync } from "node:fs";
import type { ImageForm } from "../../handlers/core/image-json.ts";
import type { KeyAttribute } from "../../local/demo/workload.ts";
import type { Engine } from "../../local/engine/engine.ts";
import type { FailedChanges } from "./failed-changes.ts";
import type { Inbox } from "./inbox.ts";
import type { Items } from "./source-items.ts";
import type { StreamChange } from "./stream-changes.ts";

/** The settings that a destination's handler runs with. */
export type Settings = Readonly<Record<string, unknown>>;

/** What a verification may know. */
export interface Subject {
  readonly engine: Engine;
  /** The stack's outputs for the destination's sink. */
  readonly sink: Readonly<Record<string, string>>;
  /** The settings that the destination's handler runs with. */
  readonly settings: Settings & { readonly images?: ImageForm };
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

/** How a destination that refuses the workload's long string is brought to take it. */
export interface Mend {
  /** Whether a destination with these settings refuses it. */
  needed(settings: Settings): boolean;
  /** What is done, as the end of a sentence that begins with "With". */
  readonly what: string;
  /** Mends the destination; answers with the settings that its handler must have from then on. */
  apply(engine: Engine, settings: Settings): Settings;
}

/** How a kind of destination is verified; the file of the kind's name exports it as `verification`. */
export interface Verification {
  /** What must be done before the destination takes the workload's long string, which then lies in the failure queue; absent where it is taken anyhow. */
  readonly mend?: Mend;
  /** Compares a destination with the source, and with each of its changes if it keeps them. */
  verify(subject: Subject): Promise<Verdict>;
}

/** How a kind is verified. One that has no file for it yet is never right. */
export async function verificationOf(kind: string): Promise<Verification> {
  const file = new URL(`../kinds/${kind}.ts`, import.meta.url);
  if (existsSync(file)) return (await import(file.href)).verification;
  const problem = `nothing verifies kind ${kind} yet: write operate/kinds/${kind}.ts`;
  return { verify: async () => ({ arrived: "?", problems: [problem] }) };
}
