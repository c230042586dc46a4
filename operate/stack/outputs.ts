import { z } from "zod";
import type { KindName } from "../../infra/kinds.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { Clients } from "../clients.ts";
import { kinds } from "../kinds.ts";

const destination = z.object({
  kind: z.string(),
  function: z.string(),
  mapping: z.string(),
  failureQueue: z.string(),
  sink: z.record(z.string(), z.string()),
});

const outputs = z.object({
  table: z.string(),
  stream: z.string().regex(/^arn:[^:]+:dynamodb:[^:]+:\d+:table\//),
  destinations: z.record(z.string(), destination),
});

/** The outputs of a stack of this program, as far as the tools need them. */
export type Outputs = z.output<typeof outputs>;

/** One function with its mapping and failure queue, and the destinations that it feeds. */
export interface Consumer {
  /** The destinations' names. */
  readonly destinations: readonly string[];
  /** The function's name. */
  readonly function: string;
  /** The mapping's UUID. */
  readonly mapping: string;
  /** The failure queue's URL. */
  readonly queueUrl: string;
  /** Those of the destinations whose readers see the order: there, a change must wait for the earlier ones of its key. */
  readonly ordered: readonly string[];
}

/** A stack that a tool works on, and how it is reached. */
export interface TargetStack {
  /** What a person must be able to recognise, such as `stack prod in account 111122223333, us-east-1`. */
  readonly title: string;
  readonly region: string;
  readonly consumers: readonly Consumer[];
  readonly clients: Pick<Clients, "sqs" | "streams" | "lambda">;
  /** Seconds to wait for a message before a queue counts as empty. */
  readonly wait: number;
}

/** Checks a stack's outputs. Throws a UserError if they are another program's. */
export function readOutputs(value: unknown): Outputs {
  const { success, data, error } = outputs.safeParse(value);
  if (success) return data;
  throw new UserError(`The stack's outputs are not those of a fan-out:\n${z.prettifyError(error)}`);
}

/** Where a stack is deployed. */
export function locationOf({ stream }: Outputs): { readonly region: string; readonly account: string } {
  const [, , , region = "", account = ""] = stream.split(":");
  return { region, account };
}

/** A stack's consumers, each once. */
export function consumersOf({ destinations }: Outputs): readonly Consumer[] {
  const byMapping = Map.groupBy(Object.entries(destinations), ([, { mapping }]) => mapping);
  return [...byMapping.values()].map((members) => {
    const [, { function: name, mapping, failureQueue: queueUrl }] = members[0]!;
    const ordered = members.filter(([, { kind }]) => isOrdered(kind)).map(([one]) => one);
    return { destinations: members.map(([one]) => one), function: name, mapping, queueUrl, ordered };
  });
}

/** A kind of a later version, which is not known here, is met with the care that is right for any. */
function isOrdered(kind: string): boolean {
  return Object.hasOwn(kinds, kind) ? kinds[kind as KindName].ordered : true;
}

/** The consumers that are meant by `--destination`: all of them, or the one that feeds the destination. */
export function selectConsumers(all: readonly Consumer[], destination: string | undefined): readonly Consumer[] {
  if (destination === undefined) return all;
  const found = all.filter(({ destinations }) => destinations.includes(destination));
  if (found.length > 0) return found;
  const known = all.flatMap(({ destinations }) => destinations).join(", ");
  throw new UserError(`--destination ${destination}: the stack has no such destination; it has ${known}.`);
}
