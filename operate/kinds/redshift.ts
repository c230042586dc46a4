import { imageJson } from "../../handlers/core/image-json.ts";
import { longestString } from "../../handlers/kinds/redshift/refusal.ts";
import { longString } from "../../local/demo/workload.ts";
import { changeDifference } from "../verify/change-difference.ts";
import { type Claimed, claimed } from "../verify/claimed.ts";
import { difference } from "../verify/difference.ts";
import { listed } from "../verify/listed.ts";
import type { Verification } from "../verify/verification.ts";

interface Row extends Record<string, unknown> {
  readonly key_hash: string;
  readonly new_image: unknown;
  readonly claim_check: string | null;
}

interface LogRow extends Row {
  readonly event_id: string;
  readonly operation: string;
  readonly version: string;
  readonly old_image: unknown;
}

/** Value for value: the change log has each change of the stream, at least once, and the current view shows the source. */
export const verification: Verification = {
  // What an operator does: the parameter of the warehouse, and the setting that says so.
  mend: {
    needed: ({ maxStringBytes }) => (typeof maxStringBytes === "number" ? maxStringBytes : longestString) < longString,
    what: "`enable_large_strings_opt_in` switched on and `maxStringBytes` raised",
    apply(engine, settings) {
      engine.redshift!.largeStrings = true;
      return { ...settings, maxStringBytes: 16_000_000 };
    },
  },
  async verify({ engine, sink, settings, changes, items, failed }) {
    const { redshift } = engine;
    if (redshift === undefined) throw new Error("the program has a destination of kind redshift, but no warehouse");
    const form = settings.images ?? "typed";
    const log = await redshift.query<LogRow>(
      `SELECT event_id, operation, version, key_hash, old_image, new_image, claim_check FROM ${sink.changeLog}`,
    );
    const view = await redshift.query<Row>(`SELECT key_hash, new_image, claim_check FROM ${sink.currentView}`);
    const uris = new Set([...log, ...view].flatMap(({ claim_check }) => claim_check ?? []));
    const bodies = new Map<string, Claimed>();
    for (const uri of uris) bodies.set(uri, await claimed(engine.clients.s3, uri));
    const arrived = log.map((row) => ({
      ...{ eventId: row.event_id, operation: row.operation, version: row.version, keyHash: row.key_hash },
      ...{ before: imageOf(row, "old_image", bodies), after: imageOf(row, "new_image", bodies) },
    }));
    const shown = new Map(view.map((row) => [row.key_hash, imageOf(row, "new_image", bodies)]));
    const expected = new Map([...items].map(([key, item]) => [key, imageJson(item, form)]));
    const repeated = view.length - shown.size;
    const distinct = new Set(arrived.map(({ eventId }) => eventId)).size;
    const lost = [...bodies.values()].flatMap((one) => ("problem" in one ? [`a row ${one.problem}`] : []));
    return {
      arrived: `${distinct} in ${log.length} rows, ${shown.size} current${bodies.size === 0 ? "" : `, ${bodies.size} in S3`}`,
      problems: [
        ...(repeated === 0 ? [] : [`the current view shows ${repeated} keys more than once`]),
        ...listed(lost, "rows that point nowhere"),
        ...changeDifference(changes, arrived, form, failed.events),
        ...difference(expected, shown, failed.keys),
      ],
    };
  },
};

/** An image of a row, from its body in S3 where the row points to one. */
function imageOf(row: Row, column: "old_image" | "new_image", bodies: ReadonlyMap<string, Claimed>): unknown {
  if (row.claim_check === null) return row[column];
  const found = bodies.get(row.claim_check);
  return found === undefined || "problem" in found ? undefined : found.body[column];
}
