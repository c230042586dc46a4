import { imageJson } from "../../../handlers/core/image-json.ts";
import { changeDifference } from "../change-difference.ts";
import { difference } from "../difference.ts";
import { drain } from "../drain.ts";
import { type ChangeMessage, replay } from "../replay.ts";
import type { Verification } from "./verify.ts";

/**
 * The messages are the stream's changes, from a FIFO queue each of them once. Replayed in the order in which the queue gives
 * them out they end with the source, and never go back for any key.
 */
export const verification: Verification = {
  refusesNul: false,
  async verify({ engine, sink, settings, changes, items, failed }) {
    const form = settings.images ?? "typed";
    const taken = await drain(engine.clients.sqs, sink.queueUrl!);
    const messages = taken.map(({ Body }): ChangeMessage => JSON.parse(Body!));
    // A standard queue promises no order: there it is the version that orders.
    if (settings.fifo !== true) messages.sort((a, b) => (BigInt(a.version) < BigInt(b.version) ? -1 : 1));
    const { items: replayed, duplicates, overtaken } = replay(messages);
    // A stream of keys or old images alone cannot say what the items are.
    const showItems = changes.every(({ operation, after }) => operation === "REMOVE" || after !== undefined);
    const expected = () => new Map([...items].map(([key, item]) => [key, imageJson(item, form)]));
    return {
      arrived: `${taken.length} messages${duplicates === 0 ? "" : `, ${duplicates} repeated`}`,
      problems: [
        ...(settings.fifo === true && duplicates > 0 ? [`${duplicates} messages repeat a change`] : []),
        ...(overtaken === 0 ? [] : [`${overtaken} messages came after a newer one of their key`]),
        ...changeDifference(changes, messages, form, failed.events),
        ...(showItems ? difference(expected(), replayed, failed.keys) : []),
      ],
    };
  },
};
