import fc from "fast-check";
import type { FaultRule } from "../../local/engine/gateway/fault-rule.ts";
import type { FaultPlan } from "./case.ts";

/** What only a person can mend. */
const forbidden = { status: 400, code: "AccessDeniedException", message: "Not now." };

/** A rule concerns only so many calls of each caller, so that every run ends. */
const when = fc.record({
  from: fc.integer({ min: 1, max: 10 }),
  calls: fc.constantFrom(1, 3, 10, 30),
});

const probability = fc.constantFrom(0.1, 0.3, 0.6, 1);
const afterEffect = fc.boolean();

type Target = Pick<FaultRule, "service" | "operation" | "caller" | "fault">;

/** What a function's own calls meet, of any service. */
const ofCalls = fc
  .oneof(
    fc.constantFrom<FaultRule["fault"]>("throttle", "unavailable", "reset", forbidden),
    fc.constantFrom(0.1, 0.3, 0.7).map((failEntries) => ({ failEntries })),
    fc.constantFrom(20, 200).map((most) => ({ latency: [0, most] as const })),
  )
  .map((fault): Target => ({ fault }));

/** What an invocation meets, on its way to the function or in it. */
const ofInvocations = fc
  // Those that use up retries more often: what else goes wrong is waited out, and would leave little to redrive.
  .constantFrom<FaultRule["fault"]>("throttle", "unavailable", "reset", "timeout", "timeout", "crash", "crash")
  .map((fault): Target => ({ service: "lambda", operation: "Invoke", fault }));

/** What the mapping meets when it reads the stream. */
const ofReads = fc
  .record({
    operation: fc.constantFrom("GetRecords", "GetShardIterator"),
    fault: fc.constantFrom<FaultRule["fault"]>("throttle", "unavailable", "reset"),
  })
  .map((read): Target => ({ ...read, caller: "mapping" }));

/** What Firehose meets when it loads: a COPY that fails, is made twice, or is not known to have been made. */
const ofLoads = fc
  .constantFrom<FaultRule["fault"]>("unavailable", "repeat")
  .map((fault): Target => ({ service: "redshift", operation: "Copy", fault }));

const rule = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: ofCalls },
      { weight: 4, arbitrary: ofInvocations },
      { weight: 1, arbitrary: ofReads },
      { weight: 1, arbitrary: ofLoads },
    ),
    fc.record({ probability, during: when, afterEffect }),
  )
  .map(([target, rest]): FaultRule => ({ ...target, ...rest }));

const seed = fc.noShrink(fc.nat({ max: 2 ** 31 - 1 }));

/** What goes wrong: nothing at all, or up to four things. */
export const faults: fc.Arbitrary<FaultPlan> = fc.record({
  seed,
  rules: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(rule, { minLength: 1, maxLength: 4 }) },
  ),
});
