import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../is-object.ts";
import type { Sink } from "../kind.ts";

/** A destination, and what its handler is connected with. */
interface Connected {
  readonly name: string;
  readonly kind: string;
  readonly settings: Sink["settings"];
}

/** The settings of a function's destinations, in the two places where they travel. */
interface HandlerSettings {
  /** The file `destinations.json` of the function's code, as `handlers/core/destinations.ts` reads it: the same settings give the same bytes. */
  readonly file: string;
  /** What is known only once it is made, for the function's environment: by destination, in the file's order. */
  readonly late: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Splits settings. What is known before anything is made goes with the code, because Lambda's environment is small and many
 * destinations may share a function. An output stays out of the code: most are not known yet, and the others may be secret.
 */
export function handlerSettings(destinations: readonly Connected[]): HandlerSettings {
  const sorted = destinations.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const split = sorted.map(({ name, kind, settings }) => {
    const late: Late[] = [];
    const known = withoutLate(settings, [], late);
    return {
      name,
      late,
      coded: { kind, settings: known, ...(late.length > 0 && { late: late.map(({ path }) => path) }) },
    };
  });
  return {
    file: JSON.stringify(Object.fromEntries(split.map(({ name, coded }) => [name, coded]))),
    late: Object.fromEntries(
      split.flatMap(({ name, late }) => (late.length === 0 ? [] : [[name, late.map(({ value }) => value)]])),
    ),
  };
}

interface Late {
  readonly path: readonly string[];
  readonly value: unknown;
}

function withoutLate(value: object, path: readonly string[], late: Late[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
      if (isLate(part)) {
        late.push({ path: [...path, key], value: part });
        return [];
      }
      return [[key, isObject(part) ? withoutLate(part, [...path, key], late) : part]];
    }),
  );
}

function isLate(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || (Array.isArray(value) && value.some(isLate));
}

/**
 * A function's variables. Where nothing is late there is no `DESTINATIONS`. Lambda takes new variables before new code, and
 * the code of versions that had all settings in the variable would take an empty one for nothing to feed: it would say that
 * every change has arrived. Without the variable it fails, and the change comes again.
 * @param late the late settings, as `handlerSettings` says
 * @param json what makes text of them
 */
export function variables<Text>(late: HandlerSettings["late"], json: (late: HandlerSettings["late"]) => Text) {
  return {
    ...(Object.keys(late).length > 0 && { DESTINATIONS: json(late) }),
    NODE_OPTIONS: "--enable-source-maps",
  };
}

/**
 * The most bytes of a function's variables as Lambda stores them: "key names, values, quotes, commas, and brackets", that is
 * as JSON, in which the quotes of JSON count twice. See
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html.
 */
export const mostEnvironmentBytes = 4_096;

/** How many bytes the variables take at most. @param longest the most characters of each late setting, by destination */
export function environmentBytes(longest: Readonly<Record<string, readonly number[]>>): number {
  const filled = Object.entries(longest).map(([name, lengths]) => [name, lengths.map((length) => "x".repeat(length))]);
  return Buffer.byteLength(JSON.stringify(variables(Object.fromEntries(filled), JSON.stringify)));
}
