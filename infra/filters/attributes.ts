import { constants, type Domain, texts } from "./values.ts";

/** What stands at a place of a record. */
export type Shape = Leaf | Fields | Attributes | Typed | List;

/** A single value, or several of a set. */
export interface Leaf {
  readonly is: "leaf";
  readonly domain: Domain;
  readonly isSet: boolean;
}

/** An object whose fields AWS has named. */
export interface Fields {
  readonly is: "fields";
  readonly fields: Readonly<Record<string, Field>>;
}

/** A field: whether a record has it, and why not where it never does, as a clause. */
export interface Field {
  readonly shape: Shape;
  readonly there: "always" | "perhaps" | "never";
  readonly why: string;
}

/** An item's attributes by name, or those of its key alone. */
export interface Attributes {
  readonly is: "attributes";
  /** The attributes that are always there. */
  readonly keys: Readonly<Record<string, Typed>>;
  /** Any other attribute; none in a key that is known. */
  readonly others?: Typed;
}

/** The value of an attribute: an object with one letter, its type. */
export interface Typed {
  readonly is: "typed";
  readonly types: Readonly<Partial<Record<TypeLetter, Shape>>>;
}

/** The attribute values in an `L`. */
export interface List {
  readonly is: "list";
  readonly of: Typed;
}

/** DynamoDB's types: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export type TypeLetter = "S" | "N" | "B" | "BOOL" | "NULL" | "M" | "L" | "SS" | "NS" | "BS";

const anyText = texts({
  expected: 'text, such as ["OPEN"]',
  isOne: () => true,
  fillers: (longest) => ["", "x", "y", "x".repeat(longest + 1)],
});

/**
 * A number as DynamoDB writes it: in full, without zeros that mean nothing, with 38 digits at most. Its documentation has the
 * digits and the zeros (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html);
 * that it writes no exponents has been seen with AWS's own engine for development: `1E+100` comes back as a one with 100 zeros.
 */
const numberText = texts({
  expected: 'a number as text, in full and without needless zeros, such as ["42"]',
  isOne(text) {
    if (!/^(?:0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|0\.\d*[1-9]))$/.test(text)) return false;
    const [whole = "", fraction = ""] = text.replace("-", "").split(".");
    const digits = `${whole}${fraction}`.replace(/^0+/, "").replace(/0+$/, "");
    return digits.length <= 38 && whole.length <= 126 && fraction.length <= 130;
  },
  meant: inFull,
  fillers: () => [
    "",
    ".",
    "0",
    "1",
    "00",
    "11",
    "0.",
    "1.",
    ".1",
    ".01",
    "0.1",
    "1.1",
    "7",
    "77",
    "1234567",
    "12345678901",
    ".12345678901",
  ],
});

/** A number without an exponent as DynamoDB would write it. */
function inFull(value: string | number | boolean): string | undefined {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(String(value)) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const digits = [whole.replace(/^0+(?=\d)/, "") || "0", fraction.replace(/0+$/, "")]
    .filter((part) => part !== "")
    .join(".");
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

const base64 = texts({
  expected: 'bytes in base64, such as ["AAE="]',
  isOne: (text) => Buffer.from(text, "base64").toString("base64") === text,
  fillers: (longest) =>
    [0, 1, 2, 3, 4, 5, 6, 7, longest + 1, longest + 2, longest + 3, longest + 4].flatMap((length) =>
      ["", "=", "=="].map((padding) => `${"A".repeat(length)}${padding}`),
    ),
});

/** A single value of a domain. */
export function leafOf(domain: Domain, isSet = false): Leaf {
  return { is: "leaf", domain, isSet };
}

const scalars = { S: anyText, N: numberText, B: base64 };

/** The value of any attribute. */
export const attribute: Typed = {
  is: "typed",
  types: {
    S: leafOf(anyText),
    N: leafOf(numberText),
    B: leafOf(base64),
    BOOL: leafOf(constants([true, false])),
    NULL: leafOf(constants([true])),
    SS: leafOf(anyText, true),
    NS: leafOf(numberText, true),
    BS: leafOf(base64, true),
    get M(): Shape {
      return { is: "attributes", keys: {}, others: attribute };
    },
    get L(): Shape {
      return { is: "list", of: attribute };
    },
  },
};

/** The types that a key can have. */
export type KeyType = keyof typeof scalars;

/** The value of a key attribute of one type, or of one that is not known. A key is never empty. */
export function keyAttribute(type: KeyType | undefined): Typed {
  const letters = type === undefined ? (Object.keys(scalars) as KeyType[]) : [type];
  const types = letters.map((letter) => {
    const scalar = scalars[letter];
    const has = (value: unknown) => value !== "" && scalar.has(value);
    const meant = (value: unknown) => [scalar.meant?.(value)].find(has);
    return [letter, leafOf({ ...scalar, expected: `${scalar.expected}; a key is never empty`, has, meant })];
  });
  return { is: "typed", types: Object.fromEntries(types) };
}
