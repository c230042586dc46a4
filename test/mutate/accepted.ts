/** A mutant that no test can see, or need not see, and why. */
export interface Accepted {
  readonly file: string;
  /** The whole line, without the spaces around it. */
  readonly code: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

const sending = "handlers/messages/sending.ts";
const decide = "local/engine/mapping/decide.ts";
const consumer = "handlers/core/consumer.ts";

const keys = "handlers/core/key-and-version.ts";
const claimCheck = "handlers/core/claim-check.ts";

const set = "It is set before it is read.";
const order = "In what order equals come here is no promise: what decides is tested where it is made.";
const equal = "The two only differ for two changes of one version, and a batch has none.";
const first = "What `split` answers with has a first part.";

/** Survivors that are known; they count as survivors all the same. */
export const accepted: readonly Accepted[] = [
  { file: sending, code: '#outage = "";', before: '""', after: '"mutant"', reason: set },
  { file: sending, code: "#mostRequests = 0;", before: "0", after: "1", reason: set },
  {
    file: sending,
    code: 'actions.push({ kind: "pause", attempt: this.#pauses, reason: outage.reason });',
    ...{ before: "push", after: "unshift", reason: order },
  },
  {
    file: sending,
    code: "else if (this.#waitsForStore(first)) this.#held.push(group);",
    ...{ before: "push", after: "unshift", reason: order },
  },
  {
    file: sending,
    code: "return this.#firstFailed !== undefined && byVersion(change, this.#firstFailed) > 0;",
    ...{ before: ">", after: ">=", reason: equal },
  },
  ...[
    ["<", "<="],
    ["0", "1"],
  ].map(([before, after]) => ({
    file: sending,
    code: "return this.#options.holdsBack && [...this.#unstored].some((one) => byVersion(one.change, first.change) < 0);",
    ...{ before: before!, after: after!, reason: equal },
  })),
  ...[
    ["<", "<="],
    ["0", "1"],
  ].map(([before, after]) => ({
    file: consumer,
    code: "const lowest = failed.reduce((least, one) => (byVersion(one, least) < 0 ? one : least)).version;",
    ...{ before: before!, after: after!, reason: equal },
  })),
  {
    file: decide,
    code: "if (lowest === undefined || BigInt(identifier) < BigInt(lowest)) lowest = identifier;",
    ...{ before: "<", after: "<=", reason: "An identifier that is reported twice is the same both times." },
  },
  {
    file: decide,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a line of a program
    code: 'return `it answered with ${counted(reported(payload)?.length ?? 0, "failure")}`;',
    ...{ before: "0", after: "1", reason: "What is delivered in part has a list of failures." },
  },
  {
    file: claimCheck,
    code: "const concurrency = 6;",
    ...{ before: "6", after: "7", reason: "A connection more or less changes nothing but the speed." },
  },
  {
    file: keys,
    code: 'const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");',
    ...{ before: '""', after: '"mutant"', reason: first },
  },
  {
    file: keys,
    code: 'const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");',
    ...{ before: '"0"', after: '""', reason: "The empty text is the number 0 as well." },
  },
  {
    file: keys,
    code: 'const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");',
    ...{ before: '""', after: '"mutant"', reason: first },
  },
];
