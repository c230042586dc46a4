/** What is known of a request, by condition key in lower case, as keys do not mind case; a key without a value is absent. */
export type Context = ReadonlyMap<string, string>;

/** One line of a Condition: the test, the key, and what its value is compared with. */
export interface Condition {
  readonly test: string;
  readonly key: string;
  readonly values: readonly string[];
}

interface Operator {
  /** Whether the request's value is like this one of the policy's. */
  like(actual: string, wanted: string): boolean;
  /** Whether the value must be like none of the policy's, rather than like one. */
  readonly negated?: true;
}

const equals = (actual: string, wanted: string) => actual === wanted;
const ignoringCase = (actual: string, wanted: string) => actual.toLowerCase() === wanted.toLowerCase();
const like = (actual: string, wanted: string) => matches(wanted, actual);

/**
 * The operators for keys with one value. `ArnEquals` and `ArnLike` mean the same.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const operators = {
  StringEquals: { like: equals },
  StringNotEquals: { like: equals, negated: true },
  StringEqualsIgnoreCase: { like: ignoringCase },
  StringNotEqualsIgnoreCase: { like: ignoringCase, negated: true },
  StringLike: { like },
  StringNotLike: { like, negated: true },
  ArnEquals: { like: arnLike },
  ArnNotEquals: { like: arnLike, negated: true },
  ArnLike: { like: arnLike },
  ArnNotLike: { like: arnLike, negated: true },
  Bool: { like: ignoringCase },
} as const satisfies Record<string, Operator>;

/**
 * What a test for a key with several values begins with, and whether it holds where the key is absent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
const quantifiers: Readonly<Record<string, boolean>> = { ForAnyValue: false, ForAllValues: true };

/** The tests that are understood: each operator, also with `IfExists`, alone or for any or all of several values, and `Null`. */
export const knownTests: readonly string[] = [
  ...["", ...Object.keys(quantifiers).map((quantifier) => `${quantifier}:`)].flatMap((begin) =>
    Object.keys(operators).flatMap((name) => [`${begin}${name}`, `${begin}${name}IfExists`]),
  ),
  "Null",
];

/**
 * Whether a condition holds. An absent key is like nothing, so that only negated tests hold, those that end in `IfExists`, and those
 * for all of a key's values. No key of a call on this machine has more than one value: any of them, and all of them, are that one.
 */
export function holds({ test, key, values }: Condition, context: Context): boolean {
  const actual = context.get(key.toLowerCase());
  if (test === "Null") return values.some((value) => (actual === undefined) === (value.toLowerCase() === "true"));
  const [, quantifier, name] = /^(?:(\w+):)?(\w+?)(?:IfExists)?$/.exec(test) ?? [];
  const operator: Operator = operators[name as keyof typeof operators];
  if (actual === undefined) {
    return (
      test.endsWith("IfExists") || (quantifier === undefined ? operator.negated === true : quantifiers[quantifier]!)
    );
  }
  return values.some((value) => operator.like(actual, value)) !== (operator.negated === true);
}

/** ARNs are compared in their six parts, so that no wildcard reaches into another part. */
function arnLike(actual: string, wanted: string): boolean {
  const [parts, patterns] = [arnParts(actual), arnParts(wanted)];
  return parts.length === patterns.length && patterns.every((pattern, index) => matches(pattern, parts[index]!));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Whether a text matches a pattern of IAM's: `*` stands for any characters, also none, and `?` for one. */
export function matches(pattern: string, text: string): boolean {
  // Where the last star is, and how much of the text it stands for so far: a mismatch lets it stand for one more.
  let [at, star, taken] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === "*") {
      star = at;
      taken = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      taken += 1;
      index = taken;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
