import { type AwsError, throttling } from "./aws-error.ts";

type Json = Record<string, unknown>;

/** How a bulk operation says that some of its entries failed. */
export interface Bulk {
  /** How many entries the request has. */
  count(request: Json): number;
  /** The request with just the entries that may take effect. */
  keep(request: Json, kept: (index: number) => boolean): Json;
  /** The answer to the whole request without what it says about the entries that are reported as failed though they took effect. */
  spare(request: Json, response: Json, kept: (index: number) => boolean): Json;
  /** The answer to the whole request, from the service's answer to the kept part; undefined if nothing was kept. */
  merge(request: Json, response: Json | undefined, failed: (index: number) => boolean): Json;
  /** What the service answers if nothing takes effect, where it does not report each entry then. */
  readonly nothing?: AwsError;
}

const sqsBatch: Bulk = {
  count: ({ Entries }) => list(Entries).length,
  keep: (request, kept) => ({ ...request, Entries: list(request.Entries).filter((_, index) => kept(index)) }),
  spare(request, response, kept) {
    const ids = list(request.Entries).flatMap((entry, index) => (kept(index) ? [(entry as Json).Id] : []));
    const spared = (entries: unknown) => list(entries).filter((entry) => ids.includes((entry as Json).Id));
    return { Successful: spared(response.Successful), Failed: spared(response.Failed) };
  },
  merge: (request, response, failed) => ({
    Successful: list(response?.Successful),
    Failed: [
      ...list(response?.Failed),
      ...list(request.Entries)
        .filter((_, index) => failed(index))
        .map((entry) => ({ Id: (entry as Json).Id, SenderFault: false, Code: "InternalError", Message: "Try again." })),
    ],
  }),
};

const firehoseBatch: Bulk = {
  count: ({ Records }) => list(Records).length,
  keep: (request, kept) => ({ ...request, Records: list(request.Records).filter((_, index) => kept(index)) }),
  spare: (_, response, kept) => ({
    ...response,
    RequestResponses: list(response.RequestResponses).filter((_, index) => kept(index)),
  }),
  merge(request, response, failed) {
    const answers = [...list(response?.RequestResponses)] as Json[];
    const RequestResponses = list(request.Records).map((_, index) =>
      failed(index) ? { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." } : answers.shift(),
    );
    const FailedPutCount = RequestResponses.filter((answer) => answer !== undefined && "ErrorCode" in answer).length;
    return { ...response, FailedPutCount, RequestResponses };
  },
};

const writeBatch: Bulk = {
  nothing: throttling("dynamodb"),
  count: (request) => writes(request).length,
  keep: (request, kept) => ({ ...request, RequestItems: byTable(writes(request).filter((_, index) => kept(index))) }),
  spare(request, response, kept) {
    const all = writes(request).map((write) => JSON.stringify(write));
    // No two writes of a batch have the same key.
    const spared = writes({ RequestItems: response.UnprocessedItems ?? {} }).filter((write) =>
      kept(all.indexOf(JSON.stringify(write))),
    );
    return { ...response, UnprocessedItems: byTable(spared) };
  },
  merge: (request, response, failed) => ({
    ...response,
    UnprocessedItems: byTable([
      ...writes({ RequestItems: response?.UnprocessedItems ?? {} }),
      ...writes(request).filter((_, index) => failed(index)),
    ]),
  }),
};

/** Every bulk operation that can fail in part, by service and operation. */
export const bulkOperations: Readonly<Record<string, Bulk>> = {
  "sqs:SendMessageBatch": sqsBatch,
  "sqs:DeleteMessageBatch": sqsBatch,
  "sqs:ChangeMessageVisibilityBatch": sqsBatch,
  "firehose:PutRecordBatch": firehoseBatch,
  "dynamodb:BatchWriteItem": writeBatch,
};

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function writes(request: Json): readonly (readonly [table: string, write: unknown])[] {
  return Object.entries((request.RequestItems ?? {}) as Json).flatMap(([table, items]) =>
    list(items).map((write) => [table, write] as const),
  );
}

function byTable(entries: readonly (readonly [table: string, write: unknown])[]): Record<string, unknown[]> {
  const tables: Record<string, unknown[]> = {};
  for (const [table, write] of entries) {
    tables[table] ??= [];
    tables[table].push(write);
  }
  return tables;
}
