import { imageJson } from "../../../handlers/core/image-json.ts";
import { difference } from "../difference.ts";
import { drain } from "../drain.ts";
import { type ChangeMessage, replay } from "../replay.ts";
import type { Verification } from "./verify.ts";

/** Replayed in the order in which the queue gives them out, the messages end with the source, and never go back for any key. */
export const verification: Verification = {
  refusesNul: false,
  async verify({ engine, sink, settings, source, behind }) {
    const taken = await drain(engine.clients.sqs, sink.queueUrl!);
    const messages = taken.map(({ Body }): ChangeMessage => JSON.parse(Body!));
    // A standard queue promises no order: there it is the version that orders.
    if (settings.fifo !== true) messages.sort((a, b) => (BigInt(a.version) < BigInt(b.version) ? -1 : 1));
    const { items, duplicates, overtaken } = replay(messages);
    const expected = new Map([...source].map(([key, item]) => [key, imageJson(item, settings.images ?? "typed")]));
    return {
      arrived: `${taken.length} messages${duplicates === 0 ? "" : `, ${duplicates} of them twice`}`,
      problems: [
        ...(overtaken === 0 ? [] : [`${overtaken} messages came after a newer one of their key`]),
        ...difference(expected, items, behind),
      ],
    };
  },
};
