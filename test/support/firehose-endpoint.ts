import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { body, listening, stopped } from "./faults.ts";

/** An endpoint that takes PutRecordBatch calls within AWS's limits and keeps what it gets. */
export interface FirehoseEndpoint {
  readonly endpoint: string;
  /** The stored records of all streams, decoded, in order of arrival. */
  readonly records: Buffer[];
  /** What was wrong with the calls that exceeded a limit. */
  readonly violations: string[];
  /** What it finds in a record that it refuses: then it refuses the whole call, or just the record. */
  refuses: { readonly text: RegExp; readonly what: "call" | "record" } | undefined;
  /** How many calls were taken. */
  calls: number;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port. A stream of the name `missing` does not exist. */
export async function startFirehoseEndpoint(): Promise<FirehoseEndpoint> {
  const records: Buffer[] = [];
  const violations: string[] = [];
  const server = createServer(async (request, response) => {
    const { DeliveryStreamName, Records } = JSON.parse(await body(request)) as {
      DeliveryStreamName: string;
      Records: { Data: string }[];
    };
    const fail = (type: string, message: string) =>
      response
        .writeHead(400, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify({ __type: type, message }));
    if (request.headers["x-amz-target"] !== "Firehose_20150804.PutRecordBatch") return fail("UnknownOperation", "");
    if (DeliveryStreamName === "missing") return fail("ResourceNotFoundException", "Firehose missing not found.");
    const data = Records.map(({ Data }) => Buffer.from(Data, "base64"));
    const problem = violation(data);
    if (problem !== undefined) {
      violations.push(problem);
      return fail("InvalidArgumentException", problem);
    }
    const { refuses } = started;
    const isRefused = (one: Buffer) => refuses?.text.test(one.toString()) ?? false;
    const message = "It holds what is refused.";
    if (refuses?.what === "call" && data.some(isRefused)) return fail("InvalidArgumentException", message);
    records.push(...data.filter((one) => !isRefused(one)));
    started.calls++;
    const RequestResponses = data.map((one) =>
      isRefused(one) ? { ErrorCode: "InvalidArgumentException", ErrorMessage: message } : { RecordId: randomUUID() },
    );
    return response
      .writeHead(200, { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify({ FailedPutCount: data.filter(isRefused).length, Encrypted: false, RequestResponses }));
  });
  const started: FirehoseEndpoint = {
    endpoint: await listening(server),
    records,
    violations,
    refuses: undefined,
    calls: 0,
    stop: () => stopped(server),
  };
  return started;
}

function violation(data: readonly Buffer[]): string | undefined {
  const total = data.reduce((sum, { length }) => sum + length, 0);
  const largest = Math.max(...data.map(({ length }) => length));
  if (data.length < 1 || data.length > 500) return `${data.length} records in a call`;
  if (largest > 1_024_000) return `a record of ${largest} bytes`;
  if (total > 4_194_304) return `a call of ${total} bytes`;
  return undefined;
}
