import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { versionAttribute } from "../../handlers/kinds/replica/item.ts";
import type { Write } from "../../local/demo/workload.ts";
import type { KeyAttribute } from "../../operate/compare/items.ts";
import type { KeyType, Step, Table, Value } from "./case.ts";

type Item = Record<string, AttributeValue>;

/** The table's time to live attribute. */
export function endAttribute({ proto }: Table): string {
  return proto === "end" ? "__proto__" : "ends";
}

function hashAttribute({ proto }: Table): string {
  return proto === "key" ? "__proto__" : "hash";
}

/** Values of key attributes that are easily taken for one another, or got wrong on their way. */
const parts: Readonly<Record<KeyType, readonly AttributeValue[]>> = {
  S: ["a", "A", "é🎬", ' "\\', "\uffff", "0"].map((S) => ({ S })),
  N: ["0", "1", "-1", "1.5", "12345678901234567890123456789012345678", "0.00000000000000000001"].map((N) => ({ N })),
  B: [[0], [255], [0, 0], [97], [226, 130], [10]].map((bytes) => ({ B: Uint8Array.from(bytes) })),
};

/** The table's key attributes. */
export function keySchema(table: Table): KeyAttribute[] {
  const { hash, range } = table;
  return [{ name: hashAttribute(table), type: hash }, ...(range === undefined ? [] : [{ name: "range", type: range }])];
}

/** The key that a number stands for: the first six are awkward, further ones are plain. */
export function keyOf(table: Table, number: number): Item {
  const { hash, range } = table;
  const name = hashAttribute(table);
  if (range === undefined) return { [name]: part(hash, number) };
  return { [name]: part(hash, number % 3), range: part(range, Math.floor(number / 3)) };
}

function part(type: KeyType, number: number): AttributeValue {
  const awkward = parts[type][number];
  if (awkward !== undefined) return awkward;
  if (type === "N") return { N: String(number) };
  return type === "S" ? { S: `key-${number}` } : { B: Buffer.from(`key-${number}`) };
}

/** An item; `write` tells each write from all others. */
export function itemOf(table: Table, number: number, value: Value, write: number): Item {
  return { ...attributesOf(table, value, write), write: { N: String(write) }, ...keyOf(table, number) };
}

function attributesOf(table: Table, value: Value, write: number): Item {
  switch (value.is) {
    case "plain":
      return {};
    case "odd":
      return { ...value.attributes };
    case "ended":
      return { [endAttribute(table)]: { N: String(Math.floor(Date.now() / 1000) - 60) } };
    case "nul":
      return { text: { S: "\0" } };
    case "long":
      return { text: { S: "x".repeat(65_536) } };
    case "reserved":
      return { [versionAttribute]: { S: "mine" } };
    case "large":
      return { bytes: { B: new Uint8Array(395_000).fill(write) } };
  }
}

/** The writes of a burst, in waves that write each key once. */
export function burst(table: Table, { writes, keys }: Extract<Step, { do: "burst" }>, first: number): Write[][] {
  return Array.from({ length: Math.ceil(writes / keys) }, (_, wave) =>
    Array.from({ length: Math.min(keys, writes - wave * keys) }, (_, key): Write => {
      if (wave % 5 === 4) return { remove: keyOf(table, key) };
      return { put: itemOf(table, key, { is: "plain" }, first + wave * keys + key) };
    }),
  );
}
