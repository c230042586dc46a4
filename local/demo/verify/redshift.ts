import { imageJson } from "../../../handlers/core/image-json.ts";
import { changeDifference } from "../change-difference.ts";
import { difference } from "../difference.ts";
import type { Verification } from "./verify.ts";

interface LogRow extends Record<string, unknown> {
  readonly event_id: string;
  readonly operation: string;
  readonly version: string;
  readonly key_hash: string;
  readonly old_image: unknown;
  readonly new_image: unknown;
}

/** Value for value: the change log has each change of the stream, at least once, and the current view shows the source. */
export const verification: Verification = {
  refusesNul: true,
  async verify({ engine, sink, settings, changes, items, failed }) {
    const { redshift } = engine;
    if (redshift === undefined) throw new Error("the program has a destination of kind redshift, but no warehouse");
    const form = settings.images ?? "typed";
    const log = await redshift.query<LogRow>(
      `SELECT event_id, operation, version, key_hash, old_image, new_image FROM ${sink.changeLog}`,
    );
    const arrived = log.map(({ event_id, operation, version, key_hash, old_image, new_image }) => ({
      ...{ eventId: event_id, operation, version, keyHash: key_hash },
      ...{ before: old_image, after: new_image },
    }));
    const view = await redshift.query(`SELECT key_hash, new_image FROM ${sink.currentView}`);
    const shown = new Map(view.map(({ key_hash, new_image }) => [key_hash as string, new_image]));
    const expected = new Map([...items].map(([key, item]) => [key, imageJson(item, form)]));
    const repeated = view.length - shown.size;
    const distinct = new Set(arrived.map(({ eventId }) => eventId)).size;
    return {
      arrived: `${distinct} in ${log.length} rows, ${shown.size} current`,
      problems: [
        ...(repeated === 0 ? [] : [`the current view shows ${repeated} keys more than once`]),
        ...changeDifference(changes, arrived, form, failed.events),
        ...difference(expected, shown, failed.keys),
      ],
    };
  },
};
