import { imageJson } from "../../handlers/core/image-json.ts";
import { counted } from "../../terminal/text.ts";
import { type ClaimedBody, readClaimedBody } from "../compare/claim-check.ts";
import { changeDifference, difference, listed } from "../compare/difference.ts";
import type { OperatedKind } from "../kind.ts";

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

/** A change log with a row for each change, and a view of each key's latest row over it. */
export const redshift: OperatedKind = {
  holds: "state",
  ordered: false,
  /** Value for value: the change log has each change of the stream, at least once, and the current view shows the source. */
  async verify({ stack, sink, settings, changes, items, failed }) {
    const form = settings.images ?? "typed";
    const log = await stack.query<LogRow>(
      `SELECT event_id, operation, version, key_hash, old_image, new_image, claim_check FROM ${sink.changeLog}`,
      sink,
    );
    const view = await stack.query<Row>(`SELECT key_hash, new_image, claim_check FROM ${sink.currentView}`, sink);
    const uris = new Set([...log, ...view].flatMap(({ claim_check }) => claim_check ?? []));
    const bodies = new Map<string, ClaimedBody>();
    for (const uri of uris) bodies.set(uri, await readClaimedBody(stack.clients.s3, uri));
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
      arrived: `${distinct} in ${counted(log.length, "row")}, ${shown.size} current${bodies.size === 0 ? "" : `, ${bodies.size} in S3`}`,
      problems: [
        ...(repeated === 0 ? [] : [`the current view shows ${repeated} keys more than once`]),
        ...listed(lost, "rows that point nowhere"),
        ...changeDifference(changes, arrived, form, failed.events),
        ...difference(expected, shown, failed.behind),
      ],
    };
  },
};

/** An image of a row, from its body in S3 where the row points to one. */
function imageOf(row: Row, column: "old_image" | "new_image", bodies: ReadonlyMap<string, ClaimedBody>): unknown {
  if (row.claim_check === null) return row[column];
  const found = bodies.get(row.claim_check);
  return found === undefined || "problem" in found ? undefined : found.body[column];
}
