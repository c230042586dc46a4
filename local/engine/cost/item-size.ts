import { isObject } from "../../../infra/settings/is-object.ts";
import { list } from "./list.ts";
import { sum } from "./sum.ts";

/**
 * How large DynamoDB counts an item, from its wire form. Its guide calls the figure for numbers approximate, and says nothing
 * of sets, which count as their members here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: unknown): number {
  if (!isObject(item)) return 0;
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));
}

const sizes: Readonly<Record<string, (content: unknown) => number>> = {
  S: (text) => Buffer.byteLength(String(text)),
  N: (number) => numberSize(String(number)),
  B: (base64) => Buffer.byteLength(String(base64), "base64"),
  BOOL: () => 1,
  NULL: () => 1,
  L: (elements) => 3 + sum(list(elements).map((element) => 1 + valueSize(element))),
  M: (map) => (isObject(map) ? 3 + Object.keys(map).length + itemSize(map) : 0),
  SS: (set) => sum(list(set).map((member) => sizes.S!(member))),
  NS: (set) => sum(list(set).map((member) => sizes.N!(member))),
  BS: (set) => sum(list(set).map((member) => sizes.B!(member))),
};

function valueSize(value: unknown): number {
  if (!isObject(value)) return 0;
  return sum(Object.entries(value).map(([type, content]) => sizes[type]?.(content) ?? 0));
}

/** A byte for two significant digits, and one. */
function numberSize(number: string): number {
  const [mantissa = ""] = number.split(/e/i);
  const digits = mantissa.replace(/[-+.]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1;
}
