import { type Answer, renderError } from "./aws-error.ts";
import { bulkOperations } from "./bulk.ts";
import type { ServiceCall } from "./service-call.ts";

/** A bulk call of which some entries fail. */
export interface Part {
  /** The request with the entries that take effect; undefined if none does. */
  readonly body: Buffer | undefined;
  /** The answer to the whole call, from the service's answer to that request. */
  answer(answer: Answer | undefined): Answer;
}

/**
 * What is left of a bulk call when some of its entries fail; undefined if none fails, or if it is no bulk call.
 * @param effect whether those that fail take effect all the same
 */
export function partOf(call: ServiceCall, fails: (index: number) => boolean, effect = false): Part | undefined {
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
      const said = answer && JSON.parse(answer.body.toString("utf8"));
      const merged = bulk.merge(whole, effect ? bulk.spare(whole, said, kept) : said, failed);
      const type = answer?.headers["content-type"] ?? "application/x-amz-json-1.0";
      return { status: 200, headers: { "content-type": type }, body: json(merged) };
    },
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
