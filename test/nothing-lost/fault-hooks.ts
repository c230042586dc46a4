import type { Faults } from "../../local/firehose/faults.ts";
import { type FaultHook, seededFaults } from "../../local/gateway/faults.ts";
import { seededRandom } from "../../local/seeded-random.ts";
import type { FaultPlan } from "./case.ts";

/** The hook that lets a plan's calls fail: the first rule that hits, as long as it has hits left. */
export function callFaults({ seed, calls }: FaultPlan, struck: () => void): FaultHook {
  const rules = calls.map(({ hits, ...rule }, i) => ({ hook: seededFaults(seed + i, [rule]), left: hits }));
  return (call) => {
    for (const rule of rules) {
      if (rule.left === 0) continue;
      const fault = rule.hook(call);
      if (fault === undefined) continue;
      rule.left -= 1;
      struck();
      return fault;
    }
    return undefined;
  };
}

/** What goes wrong inside Firehose. */
export function firehoseFaults({ seed, firehose }: FaultPlan, struck: () => void): Faults {
  const random = seededRandom(seed);
  const copies = ["refuse", "repeat", "forget"] as const;
  return {
    record() {
      if (random() >= firehose.record) return undefined;
      struck();
      return { errorCode: "ServiceUnavailableException", taken: random() < firehose.taken };
    },
    copy() {
      if (random() >= firehose.copy) return undefined;
      struck();
      return copies[Math.floor(random() * copies.length)];
    },
  };
}
