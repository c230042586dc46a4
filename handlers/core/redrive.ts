import { Malformed, objectAt } from "./decode-image.ts";

/**
 * What an event says beside its `Records` when they are brought back from a failure queue:
 * `{"Records": [...], "redrive": {"patienceSeconds": 30}}`.
 */
export interface Redrive {
  /** How long to wait for a destination that is down: a person waits for the answer. */
  readonly patienceSeconds: number;
}

/** With no time at all, nothing would even be tried. */
const patience = { usual: 30, least: 1, most: 900 };

/** The event's `redrive`, with its default; undefined for what comes from the mapping. Throws `Malformed`. */
export function readRedrive(event: unknown): Redrive | undefined {
  const { redrive } = objectAt(event, "The event");
  if (redrive === undefined) return undefined;
  const { patienceSeconds = patience.usual, ...rest } = objectAt(redrive, "redrive");
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Malformed(`redrive.${unknown}`, "is not known");
  if (typeof patienceSeconds !== "number" || !(patienceSeconds >= patience.least && patienceSeconds <= patience.most)) {
    throw new Malformed("redrive.patienceSeconds", `must be a number from ${patience.least} to ${patience.most}`);
  }
  return { patienceSeconds };
}
