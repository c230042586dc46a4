import type { S3Client } from "@aws-sdk/client-s3";
import { imageJson } from "../../handlers/core/image-json.ts";
import { counted } from "../../terminal/text.ts";
import { readClaimedBody } from "../compare/claim-check.ts";
import { canonical, changeDifference, difference, listed } from "../compare/difference.ts";
import { type ChangeMessage, replay } from "../compare/replay.ts";
import type { OperatedKind } from "../kind.ts";

/** A message whose images may be elsewhere. */
interface Body extends ChangeMessage {
  readonly claimCheck?: { readonly bucket: string; readonly key: string; readonly bytes: number };
}

/** A queue with a message for each change. */
export const sqs: OperatedKind = {
  holds: "messages",
  ordered: true,
  /**
   * The messages are the stream's changes, from a FIFO queue each of them once. Replayed in the order in which the queue gives
   * them out they end with the source, and never go back for any key.
   */
  async verify({ stack, sink, settings, changes, items, failed }) {
    const form = settings.images ?? "typed";
    const received = await stack.messages(sink.queueUrl!);
    const opened = await Promise.all(received.map(({ Body }) => open(stack.clients.s3, JSON.parse(Body!))));
    const elsewhere = opened.filter(({ isElsewhere }) => isElsewhere).length;
    const messages = opened.map(({ message }) => message);
    // A standard queue promises no order: there it is the version that orders.
    if (settings.fifo !== true) messages.sort((a, b) => (BigInt(a.version) < BigInt(b.version) ? -1 : 1));
    const { items: replayed, duplicates, overtaken } = replay(messages);
    // A stream of keys or old images alone cannot say what the items are.
    const showItems = changes.every(({ operation, after }) => operation === "REMOVE" || after !== undefined);
    const expected = () => new Map([...items].map(([key, item]) => [key, imageJson(item, form)]));
    return {
      arrived: `${counted(received.length, "message")}${someOf(elsewhere, "in S3")}${someOf(duplicates, "repeated")}`,
      problems: [
        ...(settings.fifo === true && duplicates > 0
          ? [`${counted(duplicates, "message")} too many, of changes that had come before`]
          : []),
        ...(overtaken === 0 ? [] : [`${counted(overtaken, "message")} came after a newer one of the same key`]),
        ...listed(
          opened.flatMap(({ problem }) => problem ?? []),
          "messages that point nowhere",
        ),
        ...changeDifference(changes, messages, form, failed.events),
        ...(showItems ? difference(expected(), replayed, failed.behind) : []),
      ],
    };
  },
};

function someOf(number: number, what: string): string {
  return number === 0 ? "" : `, ${number} ${what}`;
}

interface Opened {
  /** The message with its images, wherever they are. */
  readonly message: ChangeMessage;
  readonly isElsewhere: boolean;
  readonly problem?: string;
}

async function open(s3: S3Client, message: Body): Promise<Opened> {
  const { claimCheck, redriven, ...head } = message;
  if (claimCheck === undefined) return { message, isElsewhere: false };
  const found = await readClaimedBody(s3, `s3://${claimCheck.bucket}/${claimCheck.key}`);
  const whose = `the message with event id ${head.eventId}`;
  if ("problem" in found) return { message: head, isElsewhere: true, problem: `${whose} ${found.problem}` };
  const { before, after, ...rest } = found.body;
  const differs = found.bytes !== claimCheck.bytes || canonical(rest) !== canonical(head);
  return {
    message: { ...head, ...(redriven !== undefined && { redriven }), before, after },
    isElsewhere: true,
    ...(differs && { problem: `${whose} says other things than the body it points to` }),
  };
}
