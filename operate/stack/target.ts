import { z } from "zod";
import { UserError } from "../../terminal/user-error.ts";
import { kindName, kinds } from "../kinds.ts";
import type { Clients } from "./clients.ts";

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

/** The stack whose failures are brought back, and how it is reached. */
export interface Target {
  /** What a person must be able to recognise, such as `stack prod in account 111122223333, us-east-1`. */
  readonly title: string;
  readonly region: string;
  readonly consumers: readonly Consumer[];
  readonly clients: Pick<Clients, "sqs" | "streams" | "lambda">;
  /** Seconds to wait for a message before a queue counts as empty. */
  readonly wait: number;
}

const shape = z.object({
  stream: z.string().regex(/^arn:[^:]+:dynamodb:[^:]+:\d+:table\//),
  destinations: z.record(
    z.string(),
    z.object({ kind: z.string(), function: z.string(), mapping: z.string(), failureQueue: z.string() }),
  ),
});

/** What a stack's outputs say: where it is, and its consumers, each once. */
export function readOutputs(outputs: unknown): {
  readonly region: string;
  readonly account: string;
  readonly consumers: readonly Consumer[];
} {
  const { success, data, error } = shape.safeParse(outputs);
  if (!success) throw new UserError(`The stack's outputs are not those of a fan-out:\n${z.prettifyError(error)}`);
  const [, , , region = "", account = ""] = data.stream.split(":");
  const byMapping = Map.groupBy(Object.entries(data.destinations), ([, { mapping }]) => mapping);
  const consumers = [...byMapping.values()].map((members) => {
    const [, { function: name, mapping, failureQueue: queueUrl }] = members[0]!;
    const destinations = members.map(([destination]) => destination);
    const ordered = members.filter(([, { kind }]) => kinds[kindName(kind)].ordered).map(([destination]) => destination);
    return { destinations, function: name, mapping, queueUrl, ordered };
  });
  return { region, account, consumers };
}

/** The consumers that are meant: all of them, or the one that feeds the destination. */
export function chosen(consumers: readonly Consumer[], destination: string | undefined): readonly Consumer[] {
  if (destination === undefined) return consumers;
  const found = consumers.filter(({ destinations }) => destinations.includes(destination));
  if (found.length > 0) return found;
  const known = consumers.flatMap(({ destinations }) => destinations).join(", ");
  throw new UserError(`--destination ${destination}: the stack has no such destination; it has ${known}.`);
}
