import { type Answer, renderError } from "./aws-error.ts";
import { bulkOperations } from "./bulk.ts";
import type { ServiceCall } from "./service-call.ts";

/** A bulk call of which some entries fail. */
export interface Part {
  /** The request with the entries that are spared; undefined if none is. */
  readonly body: Buffer | undefined;
  /** The answer to the whole call, from the service's answer to the spared part. */
  answer(answer: Answer | undefined): Answer;
}

/** What is left of a bulk call when some of its entries fail; undefined if none fails, or if it is no bulk call. */
export function partOf(call: ServiceCall, fails: (index: number) => boolean): Part | undefined {
  const bulk = bulkOperations[`${call.service}:${call.operation}`];
  if (bulk === undefined) return undefined;
  const whole = JSON.parse(call.body.toString("utf8"));
  const failures = Array.from({ length: bulk.count(whole) }, (_, index) => fails(index));
  if (!failures.includes(true)) return undefined;
  const failed = (index: number) => failures[index] === true;
  const body = failures.includes(false) ? json(bulk.keep(whole, (index) => !failed(index))) : undefined;
  return {
    body,
    answer(answer) {
      if (body === undefined && bulk.nothing !== undefined) return renderError(bulk.nothing, call.service, true);
      if (answer !== undefined && answer.status !== 200) return answer;
      const merged = bulk.merge(whole, answer && JSON.parse(answer.body.toString("utf8")), failed);
      const type = answer?.headers["content-type"] ?? "application/x-amz-json-1.0";
      return { status: 200, headers: { "content-type": type }, body: json(merged) };
    },
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
