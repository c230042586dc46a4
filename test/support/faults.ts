import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { seededRandom } from "../../local/engine/seeded-random.ts";

/** What goes wrong on the way to a service. Shares are between 0 and 1. */
export type Fault =
  | { readonly kind: "none" }
  /** A share of the entries of every bulk call fails, as the service itself says it; single writes are throttled. */
  | { readonly kind: "entries"; readonly share: number }
  /** A share of the calls is answered with status 500, half of them after they took effect. */
  | { readonly kind: "unavailable"; readonly share: number }
  /** A share of the connections is reset, half of them after the call took effect. */
  | { readonly kind: "reset"; readonly share: number }
  /** Nothing is ever answered. */
  | { readonly kind: "silent" }
  /** A call with a body of more bytes is refused as a whole, as the service itself says it or with a bare status 413. */
  | { readonly kind: "large"; readonly bytes: number; readonly by: "service" | "status" };

/** One call that passed. */
interface Passage {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Order of arrival and of the answer among all arrivals and answers. */
  readonly began: number;
  ended: number;
}

/** A reverse proxy in front of an AWS service's endpoint that lets faults happen on the wire. */
export interface Faults {
  readonly endpoint: string;
  readonly passages: Passage[];
  set(fault: Fault): void;
  stop(): Promise<void>;
}

interface Bulk {
  readonly entries: string;
  /** The answer to a call of which only some entries, at the given positions, were passed on. */
  merge(answer: Answered, entries: readonly Entry[], passed: readonly number[]): Answered;
}

type Entry = Record<string, unknown>;
type Answered = Record<string, unknown>;

const bulks: Record<string, Bulk> = {
  PutRecordBatch: {
    entries: "Records",
    merge: (answer, entries, passed) => {
      const answers = (answer.RequestResponses as Entry[] | undefined) ?? [];
      const RequestResponses = entries.map(
        (_, i): Entry =>
          passed.includes(i)
            ? answers[passed.indexOf(i)]!
            : { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." },
      );
      return {
        FailedPutCount: RequestResponses.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
        Encrypted: false,
        RequestResponses,
      };
    },
  },
  SendMessageBatch: {
    entries: "Entries",
    merge: (answer, entries, passed) => ({
      Successful: answer.Successful ?? [],
      Failed: [
        ...((answer.Failed as Entry[] | undefined) ?? []),
        ...entries
          .filter((_, i) => !passed.includes(i))
          .map(({ Id }) => ({ Id, Code: "InternalError", Message: "Try again.", SenderFault: false })),
      ],
    }),
  },
};

/** How a service that takes single calls says that it is too busy, and any service that it is broken. */
interface Protocol {
  readonly throttled: { readonly status: number; readonly content: string };
  readonly broken: string;
}

/** The code with which each service refuses a call as a whole that is too large. */
const tooLarge: Readonly<Record<string, string>> = {
  DynamoDB_20120810: "com.amazon.coral.validate#ValidationException",
  Firehose_20150804: "InvalidArgumentException",
  AmazonSQS: "com.amazonaws.sqs#BatchRequestTooLong",
};

const json: Protocol = {
  throttled: {
    status: 400,
    content: JSON.stringify({
      __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
      message: "The level of configured provisioned throughput for the table was exceeded.",
    }),
  },
  broken: JSON.stringify({ __type: "InternalFailure", message: "Oops." }),
};

const s3Error = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

const s3: Protocol = {
  throttled: { status: 503, content: s3Error("SlowDown", "Please reduce your request rate.") },
  broken: s3Error("InternalError", "Oops."),
};

/** Starts the proxy; the same seed makes the same choices for the same calls. */
export async function startFaults(service: string, seed: number): Promise<Faults> {
  const random = seededRandom(seed);
  const passages: Passage[] = [];
  let fault: Fault = { kind: "none" };
  let clock = 0;

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const text = await body(incoming);
    const target = incoming.headers["x-amz-target"];
    const protocol = target === undefined ? s3 : json;
    const operation = target === undefined ? `${incoming.method} ${incoming.url}` : String(target).split(".").at(-1)!;
    const input = target === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
    const passage = { operation, input, began: clock++, ended: Number.POSITIVE_INFINITY };
    passages.push(passage);
    const answer = (status: number, content: string) => {
      passage.ended = clock++;
      response.writeHead(status, { "content-type": incoming.headers["content-type"] }).end(content);
    };
    const pass = (content = text) => forward(service, incoming, content);

    if (fault.kind === "silent") return;
    if (fault.kind === "large" && target !== undefined && Buffer.byteLength(text) > fault.bytes) {
      if (fault.by === "status") return answer(413, "");
      const __type = tooLarge[String(target).split(".")[0]!];
      return answer(400, JSON.stringify({ __type, message: `The call is larger than ${fault.bytes} bytes.` }));
    }
    if ((fault.kind === "unavailable" || fault.kind === "reset") && random() < fault.share) {
      const { kind } = fault;
      if (random() < 0.5) await pass();
      if (kind === "unavailable") return answer(500, protocol.broken);
      passage.ended = clock++;
      incoming.socket.resetAndDestroy();
      return;
    }
    const { share } = fault.kind === "entries" ? fault : { share: 0 };
    const bulk = bulks[operation];
    if (share > 0 && bulk === undefined && random() < share)
      return answer(protocol.throttled.status, protocol.throttled.content);
    if (share > 0 && bulk !== undefined) {
      const entries = input[bulk.entries] as Entry[];
      const passed = [...entries.keys()].filter(() => random() >= share);
      const some = { ...input, [bulk.entries]: passed.map((i) => entries[i]) };
      const { status, content } = passed.length > 0 ? await pass(JSON.stringify(some)) : { status: 200, content: "{}" };
      if (status !== 200) return answer(status, content);
      return answer(200, JSON.stringify(bulk.merge(JSON.parse(content), entries, passed)));
    }
    const { status, content } = await pass();
    answer(status, content);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error) => response.destroy(error));
  });
  return {
    endpoint: await listening(server),
    passages,
    set: (next) => {
      fault = next;
    },
    stop: () => stopped(server),
  };
}

/** Starts a server on a free port of this machine; answers with its address. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops a server and closes its connections. */
export async function stopped(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The whole body of a request or an answer. */
export async function body(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function forward(target: string, incoming: IncomingMessage, content: string) {
  const { method = "POST", headers, url } = incoming;
  const bytes = Buffer.from(content);
  const outgoing = request(new URL(url ?? "/", target), {
    method,
    headers: { ...headers, "content-length": bytes.length },
  });
  outgoing.end(bytes);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 500, content: await body(answer) };
}
