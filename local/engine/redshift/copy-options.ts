import { keyword, meaningful, type Token, textOf, tokens } from "./tokens.ts";

/** What a COPY of JSON was asked to do, beyond table and objects. */
export interface CopyOptions {
  /** How an object's fields find their columns; `noshred` puts the whole object into the one SUPER column. */
  readonly json: "auto" | "auto ignorecase" | "noshred";
  readonly gzip: boolean;
  readonly timeFormat: "default" | "auto" | "epochsecs" | "epochmillisecs";
  readonly dateFormat: "default" | "auto";
  /** An ASCII character for every byte that is not UTF-8; without it such bytes are an error. */
  readonly invalidChars?: string;
  readonly nullAs?: string;
  readonly blanksAsNull: boolean;
  readonly emptyAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly truncateColumns: boolean;
  /** Whether decimals are rounded to the column's scale; they are cut off otherwise. */
  readonly round: boolean;
  /** Whether identity columns are loaded from the data. */
  readonly explicitIds: boolean;
  /** Whether it says anything about statistics, for which the user must own the table; there are none to update here. */
  readonly statUpdate: boolean;
  /** The load fails once it has this many errors; 0 and 1 mean the same. */
  readonly maxError: number;
}

type Change = Partial<CopyOptions>;
type Reader = (take: Take) => Change;

/** Reads what follows an option's name. */
interface Take {
  text(allowed?: readonly string[]): string;
  optionalText(): string | undefined;
  optionalWord(...allowed: string[]): string | undefined;
  number(): number;
}

const onOff = ["on", "off", "true", "false"];
const format = (take: Take): Change => ({
  json: take.text(["auto", "auto ignorecase", "noshred"]) as CopyOptions["json"],
});

const readers: Record<string, Reader> = {
  format(take) {
    take.optionalWord("as");
    if (!take.optionalWord("json")) throw new Error("this stand-in for Redshift loads FORMAT JSON only");
    return format(take);
  },
  json: format,
  gzip: () => ({ gzip: true }),
  timeformat: (take) => ({
    timeFormat: take.text(["auto", "epochsecs", "epochmillisecs"]) as CopyOptions["timeFormat"],
  }),
  dateformat: (take) => ({ dateFormat: take.text(["auto"]) as CopyOptions["dateFormat"] }),
  acceptinvchars: (take) => ({ invalidChars: take.optionalText() ?? "?" }),
  null: (take) => ({ nullAs: take.text() }),
  blanksasnull: () => ({ blanksAsNull: true }),
  emptyasnull: () => ({ emptyAsNull: true }),
  trimblanks: () => ({ trimBlanks: true }),
  truncatecolumns: () => ({ truncateColumns: true }),
  roundec: () => ({ round: true }),
  explicit_ids: () => ({ explicitIds: true }),
  maxerror: (take) => ({ maxError: take.number() }),
  statupdate(take) {
    take.optionalWord(...onOff);
    return { statUpdate: true };
  },
  // what these ask for has no counterpart here: compression analysis, the bucket's Region
  compupdate(take) {
    take.optionalWord(...onOff, "preset");
    return {};
  },
  comprows(take) {
    take.number();
    return {};
  },
  region(take) {
    take.text();
    return {};
  },
};

/** Reads the options of a COPY; an option or value that this stand-in does not know is an error that names it. */
export function copyOptions(text: string): CopyOptions {
  const rest = meaningful(tokens(text));
  const found: Change = {};
  while (rest.length > 0) {
    const option = rest.shift()!;
    const reader = Object.hasOwn(readers, keyword(option)) ? readers[keyword(option)] : undefined;
    if (reader === undefined) {
      throw new Error(`COPY option "${option.source}" is not known to this stand-in for Redshift; it knows ${known()}`);
    }
    Object.assign(found, reader(takeFrom(rest, option)));
  }
  if (found.json === undefined)
    throw new Error("this stand-in for Redshift loads FORMAT JSON only: add FORMAT JSON 'auto'");
  return { ...defaults, ...found, json: found.json };
}

const defaults: Omit<CopyOptions, "json"> = {
  gzip: false,
  timeFormat: "default",
  dateFormat: "default",
  blanksAsNull: false,
  emptyAsNull: false,
  trimBlanks: false,
  truncateColumns: false,
  round: false,
  explicitIds: false,
  statUpdate: false,
  maxError: 0,
};

function known(): string {
  return Object.keys(readers)
    .map((name) => name.toUpperCase())
    .join(", ");
}

function takeFrom(rest: Token[], { source }: Token): Take {
  const option = source.toUpperCase();
  const skipAs = () => keyword(rest[0]) === "as" && rest.shift();
  return {
    text(allowed) {
      skipAs();
      const token = rest.shift();
      const text = token?.kind === "text" ? textOf(token) : undefined;
      if (text === undefined)
        throw new Error(`COPY option ${option} needs a text in single quotes, but got ${token?.source ?? "nothing"}`);
      if (allowed && !allowed.includes(text)) {
        throw new Error(
          `COPY option ${option} '${text}' is not known to this stand-in for Redshift; it knows '${allowed.join("', '")}'`,
        );
      }
      return text;
    },
    optionalText() {
      skipAs();
      return rest[0]?.kind === "text" ? textOf(rest.shift()!) : undefined;
    },
    optionalWord(...allowed) {
      return allowed.includes(keyword(rest[0])) ? keyword(rest.shift()) : undefined;
    },
    number() {
      skipAs();
      const token = rest.shift();
      if (token?.kind !== "number")
        throw new Error(`COPY option ${option} needs a number, but got ${token?.source ?? "nothing"}`);
      return Number(token.source);
    },
  };
}
