import { type Random, seededRandom } from "../seeded-random.ts";
import type { Fault, FaultHook } from "./fault.ts";
import { concerns, type FaultRule, faultOf } from "./fault-rule.ts";
import type { Named, ServiceCall } from "./service-call.ts";

/**
 * A hook that applies the first rule that hits, and before it each latency that hits. What happens to a caller's n-th
 * call of an operation depends on the seed, the rules and n alone: the same seed gives the same faults, in whatever order callers
 * take turns.
 */
export function seededFaults(seed: number, rules: readonly FaultRule[]): FaultHook {
  const seededCalls = new SeededCalls(seed);
  return (call) => {
    let latency = 0;
    let applied: Fault | undefined;
    for (const [index, rule] of rules.entries()) {
      if (!concerns(rule, call)) continue;
      // Each rule counts every call that it concerns, including those that another has hit.
      const { call: number, random } = seededCalls.next([index, ...subjectOf(call)].join("\n"));
      const { from = 1, calls = Number.POSITIVE_INFINITY } = rule.during ?? {};
      if (applied !== undefined || number < from || number >= from + calls) continue;
      if (random() >= (rule.probability ?? 1)) continue;
      const fault = faultOf(rule, call, random);
      if (fault.kind === "latency") latency += fault.milliseconds;
      else applied = fault;
    }
    if (latency === 0) return applied;
    return { kind: "latency", milliseconds: latency, ...(applied && { before: applied }) };
  };
}

/** Whose calls are counted together with a call: the same in every run, as far as the program names what it makes. */
function subjectOf({ principal, service, operation, invoked }: ServiceCall): readonly string[] {
  const nameOf = ({ name, logicalName = name }: Named) => logicalName;
  return [principal.kind, nameOf(principal), service, operation, invoked === undefined ? "" : nameOf(invoked)];
}

/**
 * Random numbers for calls that come from several callers at once: those for the n-th call of a kind depend on the seed,
 * the kind and n alone, not on what else was called meanwhile.
 */
class SeededCalls {
  readonly #seed: number;
  readonly #calls = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Counts another call of the kind. */
  next(kind: string): { readonly call: number; readonly random: Random } {
    const call = (this.#calls.get(kind) ?? 0) + 1;
    this.#calls.set(kind, call);
    return { call, random: seededRandom(hash(`${this.#seed}\n${kind}\n${call}`)) };
  }
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(text)) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

/** Faults that can be switched on and off while everything runs. */
export interface Outage {
  /** What `up` or a gateway is given. */
  readonly hook: FaultHook;
  /** Lets them happen from now on. */
  begin(): void;
  /** Lets calls pass from now on. */
  end(): void;
}

/** Rules that apply only between `begin` and `end`. */
export function outage(rules: readonly FaultRule[], seed = 0): Outage {
  const faults = seededFaults(seed, rules);
  let begun = false;
  return {
    hook: (call) => (begun ? faults(call) : undefined),
    begin() {
      begun = true;
    },
    end() {
      begun = false;
    },
  };
}

/** One hook of several: the first that has a fault for a call decides about it. */
export function firstOf(...hooks: readonly FaultHook[]): FaultHook {
  return (call) => {
    for (const hook of hooks) {
      const fault = hook(call);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}
