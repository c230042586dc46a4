import { isObject } from "../is-object.ts";

/** A filter pattern that Lambda would refuse; the message begins with Lambda's own words. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
  /** What is wrong, as a clause without a full stop. */
  readonly reason: string;

  constructor(reason: string) {
    super(`Invalid filter pattern definition. (${reason})`);
    this.reason = reason;
  }
}

/** A rule in a pattern's list: holds for a leaf's value, or holds if there is no leaf. */
export type Condition = ((value: unknown) => boolean) | "absent";

/** Compiles one rule of a pattern's list: a value that must be equal, or an operator. `place` says where it stands. */
export function leaf(rule: unknown, place: string): Condition {
  if (rule === null || ["string", "number", "boolean"].includes(typeof rule)) return (value) => value === rule;
  if (!isObject(rule)) throw new InvalidPattern(`${place} has a list inside its list`);
  const [[name, operand] = ["", undefined], ...more] = Object.entries(rule);
  if (more.length > 0) throw new InvalidPattern(`${place} has several operators in one object`);
  if (!Object.hasOwn(operators, name)) {
    throw new InvalidPattern(`${place} has "${name}", which is none of ${Object.keys(operators).join(", ")}`);
  }
  return operators[name as keyof typeof operators](operand, `${place}: "${name}"`);
}

const operators = {
  prefix: (operand, place) => onText(operand, place, (text, wanted) => text.startsWith(wanted)),
  suffix: (operand, place) => onText(operand, place, (text, wanted) => text.endsWith(wanted)),
  "equals-ignore-case": (operand, place) =>
    onText(operand, place, (text, wanted) => text.toLowerCase() === wanted.toLowerCase()),
  "anything-but": anythingBut,
  numeric,
  exists(operand, place) {
    if (typeof operand !== "boolean") throw new InvalidPattern(`${place} is neither true nor false`);
    return operand ? () => true : "absent";
  },
} satisfies Record<string, (operand: unknown, place: string) => Condition>;

function onText(operand: unknown, place: string, holds: (text: string, wanted: string) => boolean): Condition {
  if (typeof operand !== "string") throw new InvalidPattern(`${place} is not a string`);
  return (value) => typeof value === "string" && holds(value, operand);
}

// EventBridge's rules know anything-but with prefix, suffix and more inside; event source mappings know plain values only.
function anythingBut(operand: unknown, place: string): Condition {
  const unwanted: unknown[] = Array.isArray(operand) ? operand : [operand];
  const kinds = new Set(unwanted.map((value) => typeof value));
  if (unwanted.length === 0 || kinds.size > 1 || !(kinds.has("string") || kinds.has("number"))) {
    throw new InvalidPattern(`${place} is neither a string, a number, nor a list of only strings or only numbers`);
  }
  return (value) => !unwanted.includes(value);
}

const comparisons: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** EventBridge's own bounds for numbers in patterns. */
const largest = 5_000_000_000;

function numeric(operand: unknown, place: string): Condition {
  const wrong = new InvalidPattern(`${place} is not like ["=", 1], [">", 0] or [">=", 0, "<", 5]`);
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw wrong;
  const [first, low, second, high] = operand as unknown[];
  const parts =
    operand.length === 2
      ? [[first, low]]
      : [
          [first, low],
          [second, high],
        ];
  const checks = parts.map(([symbol, bound]) => {
    const holds = typeof symbol === "string" && Object.hasOwn(comparisons, symbol) ? comparisons[symbol] : undefined;
    if (holds === undefined || typeof bound !== "number" || Math.abs(bound) > largest) throw wrong;
    return (value: number) => holds(value, bound);
  });
  const isRange = /^>=?$/.test(String(first)) && /^<=?$/.test(String(second)) && Number(low) < Number(high);
  if (operand.length === 4 && !isRange) throw wrong;
  return (value) => typeof value === "number" && checks.every((holds) => holds(value));
}
