import { isObject } from "../is-object.ts";
import { leaf } from "./pattern-leaf.ts";

/** The values that a leaf of a stream's record can have. */
export interface Domain {
  /** In words that fit after "expected". */
  readonly expected: string;
  /** All of them, where they are few. */
  readonly all?: readonly unknown[];
  /** The least and the greatest, where they are numbers. */
  readonly extremes?: readonly unknown[];
  has(value: unknown): boolean;
  /** The value that is most likely meant by one that is not of the domain. */
  meant?(value: unknown): unknown;
  /** Values that satisfy one rule of each list, if any do; not every one of these must. */
  candidates(lists: readonly Rules[]): Iterable<unknown>;
}

/** The rules in a pattern's list, as the pattern has them; one of them must hold. */
export type Rules = readonly unknown[];

/** A value of the domain that satisfies one rule of each list; undefined if there is none. */
export function choose(domain: Domain, lists: readonly Rules[]): { readonly value: unknown } | undefined {
  const compiled = lists.map((rules) => rules.map((rule) => leaf(rule, "")));
  for (const value of domain.candidates(lists)) {
    const holds = () => compiled.every((rules) => rules.some((rule) => rule !== "absent" && rule(value)));
    if (domain.has(value) && holds()) return { value };
  }
  return undefined;
}

/** Whether a rule holds where there is no value. */
export function isAbsent(rule: unknown): boolean {
  return isObject(rule) && rule.exists === false;
}

/** A few values and no others. */
export function constants(all: readonly unknown[]): Domain {
  const shown = all.map((value) => JSON.stringify(value)).join(" or ");
  const same = (one: unknown, other: unknown) => String(one).toLowerCase() === String(other).toLowerCase();
  return {
    expected: shown,
    all,
    has: (value) => all.includes(value),
    meant: (value) => all.find((one) => same(one, value)),
    candidates: () => all,
  };
}

/** Whole numbers from `least` on, as JSON numbers. */
export function wholeNumbers(least: number, expected: string): Domain {
  return {
    expected,
    extremes: [least, Number.MAX_VALUE],
    has: (value) => Number.isInteger(value) && Number(value) >= least,
    // Rules are true of single numbers or of ranges: a number that satisfies several of them lies beside a bound.
    candidates(lists) {
      const bounds = lists.flat().flatMap((rule) => numbersIn(rule));
      const beside = bounds.flatMap((bound) =>
        [-1, 0, 1].flatMap((by) => [Math.floor(bound) + by, Math.ceil(bound) + by]),
      );
      return [least, ...beside, Math.max(least, ...bounds) + 2];
    },
  };
}

function numbersIn(rule: unknown): number[] {
  if (typeof rule === "number") return [rule];
  if (Array.isArray(rule)) return rule.flatMap(numbersIn);
  return isObject(rule) ? Object.values(rule).flatMap(numbersIn) : [];
}

/** What distinguishes one domain of text from another. */
interface TextOptions {
  readonly expected: string;
  /** Which text is of the domain. */
  isOne(text: string): boolean;
  /** The text that is most likely meant by a value that is none of the domain. */
  meant?(value: string | number | boolean): string | undefined;
  /** What can stand between a beginning and an end, given how long the rules' texts are; unlike all of them at least once. */
  fillers(longest: number): readonly string[];
}

/** Text of a certain form. */
export function texts({ expected, isOne, meant, fillers }: TextOptions): Domain {
  const has = (value: unknown) => typeof value === "string" && value.isWellFormed() && isOne(value);
  return {
    expected,
    has,
    meant(value) {
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return undefined;
      return [meant?.(value), String(value)].find((text) => text !== undefined && has(text));
    },
    *candidates(lists) {
      const rules = lists.flat().flatMap(textRules);
      const operands = (name: string) => rules.flatMap(([operator, text]) => (operator === name ? [text] : []));
      const longest = Math.max(0, ...rules.map(([, text]) => text.length));
      const between = fillers(longest);
      yield* operands("equals");
      for (const text of operands("equals-ignore-case")) yield* spellings(text);
      const folded = operands("equals-ignore-case");
      for (const begin of new Set(["", ...operands("prefix")]))
        for (const end of new Set(["", ...operands("suffix")])) {
          yield* overlaps(begin, end);
          for (const filler of between) yield begin + filler + end;
          for (const text of folded) yield begin + text.slice(begin.length, text.length - end.length) + end;
        }
    },
  };
}

function textRules(rule: unknown): [operator: string, text: string][] {
  if (typeof rule === "string") return [["equals", rule]];
  if (!isObject(rule)) return [];
  const [[operator, operand] = ["", undefined]] = Object.entries(rule);
  return [operand].flat().flatMap((text) => (typeof text === "string" ? [[operator, text]] : []));
}

/** Texts that begin and end so, where the two share letters. */
function overlaps(begin: string, end: string): string[] {
  const shared = Array.from({ length: Math.min(begin.length, end.length) }, (_, index) => index + 1);
  return shared.filter((length) => begin.endsWith(end.slice(0, length))).map((length) => begin + end.slice(length));
}

/** So many letters can be written in either case in all ways. */
const fewLetters = 10;

/** A text in other cases: in all of them where it is short. */
function spellings(text: string): string[] {
  const flip = (letter: string) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase());
  const letters = [...text];
  if (letters.length <= fewLetters)
    return letters.reduce<string[]>(
      (all, letter) => all.flatMap((begin) => [...new Set([letter, flip(letter)])].map((next) => begin + next)),
      [""],
    );
  const single = letters.map((letter, index) => letters.with(index, flip(letter)).join(""));
  return [text, text.toLowerCase(), text.toUpperCase(), ...single];
}
