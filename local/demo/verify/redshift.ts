import { imageJson } from "../../../handlers/core/image-json.ts";
import { difference } from "../difference.ts";
import type { Verification } from "./verify.ts";

/** Value for value: the current view shows the source. */
export const verification: Verification = {
  refusesNul: true,
  async verify({ engine, sink, settings, source, behind }) {
    const { redshift } = engine;
    if (redshift === undefined) throw new Error("the program has a destination of kind redshift, but no warehouse");
    const [log] = await redshift.query(
      `SELECT COUNT(*)::text AS rows, COUNT(DISTINCT event_id)::text AS changes FROM ${sink.changeLog}`,
    );
    const view = await redshift.query(`SELECT key_hash, new_image FROM ${sink.currentView}`);
    const shown = new Map(view.map(({ key_hash, new_image }) => [key_hash as string, new_image]));
    const expected = new Map([...source].map(([key, item]) => [key, imageJson(item, settings.images ?? "typed")]));
    const repeated = view.length - shown.size;
    return {
      arrived: `${log?.changes} changes in ${log?.rows} rows, ${shown.size} current`,
      problems: [
        ...(repeated === 0 ? [] : [`the current view shows ${repeated} keys more than once`]),
        ...difference(expected, shown, behind),
      ],
    };
  },
};
