import { type Answer, type AwsError, renderError, throttling } from "./aws-error.ts";
import type { ServiceCall } from "./service-call.ts";

type Json = Record<string, unknown>;

/** How a bulk operation says that some of its entries failed. */
interface BulkOperation {
  /** How many entries the request has. */
  count(request: Json): number;
  /** The request with just the entries that may take effect. */
  keep(request: Json, kept: (index: number) => boolean): Json;
  /** The answer to the whole request without what it says about the entries that are reported as failed though they took effect. */
  withoutFailed(request: Json, response: Json, kept: (index: number) => boolean): Json;
  /** The answer to the whole request, from the service's answer to the kept part; undefined if nothing was kept. */
  merge(request: Json, response: Json | undefined, failed: (index: number) => boolean): Json;
  /** What the service answers if nothing takes effect, where it does not report each entry then. */
  readonly nothing?: AwsError;
}

const sqsBatch: BulkOperation = {
  count: ({ Entries }) => list(Entries).length,
  keep: (request, kept) => ({ ...request, Entries: list(request.Entries).filter((_, index) => kept(index)) }),
  withoutFailed(request, response, kept) {
    const ids = list(request.Entries).flatMap((entry, index) => (kept(index) ? [(entry as Json).Id] : []));
    const keepOnly = (entries: unknown) => list(entries).filter((entry) => ids.includes((entry as Json).Id));
    return { Successful: keepOnly(response.Successful), Failed: keepOnly(response.Failed) };
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

const firehoseBatch: BulkOperation = {
  count: ({ Records }) => list(Records).length,
  keep: (request, kept) => ({ ...request, Records: list(request.Records).filter((_, index) => kept(index)) }),
  withoutFailed: (_, response, kept) => ({
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

const writeBatch: BulkOperation = {
  nothing: throttling("dynamodb"),
  count: (request) => writes(request).length,
  keep: (request, kept) => ({ ...request, RequestItems: byTable(writes(request).filter((_, index) => kept(index))) }),
  withoutFailed(request, response, kept) {
    const all = writes(request).map((write) => JSON.stringify(write));
    // No two writes of a batch have the same key.
    const unprocessed = writes({ RequestItems: response.UnprocessedItems ?? {} }).filter((write) =>
      kept(all.indexOf(JSON.stringify(write))),
    );
    return { ...response, UnprocessedItems: byTable(unprocessed) };
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
const bulkOperations: Readonly<Record<string, BulkOperation>> = {
  "sqs:SendMessageBatch": sqsBatch,
  "sqs:DeleteMessageBatch": sqsBatch,
  "sqs:ChangeMessageVisibilityBatch": sqsBatch,
  "firehose:PutRecordBatch": firehoseBatch,
  "dynamodb:BatchWriteItem": writeBatch,
};

/** A bulk call of which some entries fail. */
export interface PartialFailure {
  /** The request with the entries that take effect; undefined if none does. */
  readonly body: Buffer | undefined;
  /** The answer to the whole call, from the service's answer to that request. */
  answer(answer: Answer | undefined): Answer;
}

/**
 * What is left of a bulk call when some of its entries fail; undefined if none fails, or if it is no bulk call.
 * @param effect whether those that fail take effect all the same
 */
export function failEntries(
  call: ServiceCall,
  fails: (index: number) => boolean,
  effect = false,
): PartialFailure | undefined {
  const bulk = bulkOperations[`${call.service}:${call.operation}`];
  if (bulk === undefined) return undefined;
  const whole = JSON.parse(call.body.toString("utf8"));
  const failures = Array.from({ length: bulk.count(whole) }, (_, index) => fails(index));
  if (!failures.includes(true)) return undefined;
  const failed = (index: number) => failures[index] === true;
  const kept = (index: number) => failures[index] === false;
  const some = failures.includes(false) ? json(bulk.keep(whole, kept)) : undefined;
  return {
    body: effect ? call.body : some,
    answer(answer) {
      if (answer !== undefined && answer.status !== 200) return answer;
      if (some === undefined && bulk.nothing !== undefined) return renderError(bulk.nothing, call.service, true);
      const content = answer && JSON.parse(answer.body.toString("utf8"));
      const merged = bulk.merge(whole, effect ? bulk.withoutFailed(whole, content, kept) : content, failed);
      const type = answer?.headers["content-type"] ?? "application/x-amz-json-1.0";
      return { status: 200, headers: { "content-type": type }, body: json(merged) };
    },
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

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
