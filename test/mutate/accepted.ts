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
const refusal = "handlers/kinds/redshift/refusal.ts";
const gather = "local/engine/mapping/gather.ts";

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
  ...[
    [">", ">="],
    ["3", "4"],
  ].map(([before, after]) => ({
    file: refusal,
    code: 'if (text.length * 3 > longest && Buffer.byteLength(text) > longest) return tooLong("string", longest);',
    ...{ before: before!, after: after!, reason: "It only counts the bytes of more strings than it must." },
  })),
  {
    file: gather,
    code: "#gatheringSince = 0;",
    ...{ before: "0", after: "1", reason: set },
  },
  {
    file: gather,
    code: 'signal.addEventListener("abort", wake, { once: true });',
    ...{
      before: "{ once: true }",
      after: "{}",
      reason: "A signal aborts once at most, and the listener is taken away in the end.",
    },
  },
  {
    file: gather,
    code: 'signal.addEventListener("abort", wake, { once: true });',
    ...{
      before: "true",
      after: "false",
      reason: "A signal aborts once at most, and the listener is taken away in the end.",
    },
  },
  {
    file: gather,
    code: "if (lanes === 1) return 0;",
    ...{ before: "lanes === 1", after: "false", reason: "Every number leaves 0 when it is divided by 1." },
  },
  {
    file: gather,
    code: "const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));",
    ...{
      before: "<",
      after: "<=",
      reason: "Either order of the names is the same for all records, and no two names are equal.",
    },
  },
  {
    file: gather,
    code: "const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));",
    ...{
      before: "<",
      after: ">=",
      reason: "Either order of the names is the same for all records, and no two names are equal.",
    },
  },
  {
    file: gather,
    code: "const keys = Object.entries(record.dynamodb?.Keys ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));",
    ...{ before: "1", after: "2", reason: "Only the sign of what compares counts." },
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
