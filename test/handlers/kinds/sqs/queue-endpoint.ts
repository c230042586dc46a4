import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { body, listening, stopped } from "../../../support/faults.ts";

/** What a reader of the queue sees of one message. */
export interface Arrival {
  readonly eventId: string;
  readonly keyHash: string;
  readonly version: string;
}

/** A FIFO queue that keeps the order of arrival and remembers no deduplication id: SQS, once its five minutes are over. */
export interface QueueEndpoint {
  readonly endpoint: string;
  /** All messages, in order of arrival. */
  readonly arrivals: Arrival[];
  /** The event ids that the queue refuses, whatever is tried. */
  readonly refuses: Set<string>;
  /** The most bytes that all bodies of a request may have together. */
  room: number;
  stop(): Promise<void>;
}

/** Starts the queue on a free port; every queue URL means this one. */
export async function startQueueEndpoint(): Promise<QueueEndpoint> {
  const arrivals: Arrival[] = [];
  const refuses = new Set<string>();
  const server = createServer(async (request, response) => {
    const { Entries } = JSON.parse(await body(request)) as { Entries: { Id: string; MessageBody: string }[] };
    const total = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
    if (total > queue.room) {
      const message = `Batch requests cannot be longer than ${queue.room} bytes. You have sent ${total} bytes.`;
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
      return response.end(JSON.stringify({ __type: "com.amazonaws.sqs#BatchRequestTooLong", message }));
    }
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, MessageBody } of Entries) {
      const arrival = JSON.parse(MessageBody) as Arrival;
      if (refuses.has(arrival.eventId)) {
        Failed.push({ Id, Code: "InvalidMessageContents", Message: "No.", SenderFault: true });
      } else {
        arrivals.push(arrival);
        const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
        Successful.push({ Id, MessageId: `message-${arrivals.length}`, MD5OfMessageBody });
      }
    }
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    return response.end(JSON.stringify({ Successful, Failed }));
  });
  const queue: QueueEndpoint = {
    endpoint: await listening(server),
    arrivals,
    refuses,
    room: Number.POSITIVE_INFINITY,
    stop: () => stopped(server),
  };
  return queue;
}
