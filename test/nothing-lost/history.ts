import { imageJson } from "../../handlers/core/image-json.ts";
import type { FaultRule } from "../../local/engine/gateway/fault-rule.ts";
import type { Case, Consumer, Destination, Step, Table } from "./case.ts";
import type { Found } from "./check.ts";
import { keyOf } from "./items.ts";
import { destinationName } from "./program.ts";

const mostLines = 60;

/** A case as a person reads it: what was set up, what was done, what went wrong on purpose, and what came of it. */
export function history(one: Case, ran: Partial<Found> & { readonly logged?: readonly string[] }): string {
  const { table, consumers, steps, faults } = one;
  const range = table.range === undefined ? "" : `, range key of type ${table.range}`;
  const proto = table.proto === undefined ? "" : `, the ${table.proto} called __proto__`;
  const changes = ran.changes ?? [];
  return [
    `table: hash key of type ${table.hash}${range}${proto}, stream with ${table.view}`,
    ...consumers.map(consumerLine),
    ...section(`faults, with seed ${faults.seed}`, faults.rules.map(faultLine)),
    ...section(
      "what was done",
      steps.map((step, i) => `${String(i + 1).padStart(3)}  ${stepLine(step, table)}`),
    ),
    ...section(
      "the stream",
      changes.map(({ version, operation, keyHash, eventId }) => {
        const givenUp = Object.entries(ran.covered ?? {}).filter(([, list]) =>
          list.some((other) => other.eventId === eventId),
        );
        const where = givenUp.length === 0 ? "" : `, given up at ${givenUp.map(([name]) => name).join(" and ")}`;
        return `${version}  ${operation} of key hash ${keyHash.slice(0, 8)}${where}`;
      }),
    ),
    ...section("what was said", ran.logged ?? []),
    ...section("what was found", ran.problems ?? []),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > mostLines ? [`  ... and ${lines.length - mostLines} more`] : [];
  return [`${title}:`, ...lines.slice(0, mostLines).map((line) => `  ${line}`), ...more];
}

function consumerLine({ destinations, mapping, function: lambda, only }: Consumer, index: number): string {
  const { batchSize, maximumBatchingWindowInSeconds: window, parallelizationFactor: lanes } = mapping;
  const reserved = lambda.reservedConcurrentExecutions;
  const parts = [
    `batches of ${batchSize}`,
    `a window of ${window} s`,
    `${lanes} at a time`,
    `${mapping.maximumRetryAttempts} retries`,
    mapping.bisectBatchOnFunctionError ? "bisecting" : "not bisecting",
    `a timeout of ${lambda.timeout} s`,
    ...(reserved === undefined ? [] : [`concurrency ${reserved}`]),
    ...(only === undefined ? [] : [`only ${only.join(" and ")}`]),
  ];
  const names = destinations.map((destination, i) =>
    destinationLine(destination, destinationName(index, i, destination)),
  );
  return `consumer c${index} feeds ${names.join(", ")}: ${parts.join(", ")}`;
}

function destinationLine(destination: Destination, name: string): string {
  const images = "images" in destination ? [destination.images] : [];
  const fifo = destination.kind === "sqs" ? [destination.fifo ? "FIFO" : "standard"] : [];
  const details = [...fifo, ...images];
  return details.length === 0 ? name : `${name} (${details.join(", ")})`;
}

function faultLine({ service, operation, caller, fault, probability = 1, during, afterEffect }: FaultRule): string {
  const who = caller === undefined ? "" : ` of a ${caller}`;
  const what = operation === undefined ? "any call of a function" : `${service ? `${service}:` : ""}${operation}${who}`;
  const from = during?.from ?? 1;
  const which = during === undefined ? "" : `, calls ${from} to ${from + during.calls - 1} of each caller`;
  const kind = typeof fault === "string" ? fault : "code" in fault ? fault.code : JSON.stringify(fault);
  return `${kind}${afterEffect ? " after the effect" : ""}: ${what}, probability ${probability}${which}`;
}

function stepLine(step: Step, table: Table): string {
  switch (step.do) {
    case "put":
      return `put ${keyText(step.key, table)}, ${valueText(step.value)}`;
    case "remove":
      return `remove ${keyText(step.key, table)}`;
    case "burst":
      return `${step.writes} writes to ${step.keys} keys in turn, every fifth round deletes`;
    case "expire":
      return "let time to live delete what has ended";
    case "settle":
      return "wait until all is delivered or given up";
  }
}

function keyText(number: number, table: Table): string {
  return `key ${number} ${JSON.stringify(imageJson(keyOf(table, number), "plain"))}`;
}

function valueText(value: Extract<Step, { do: "put" }>["value"]): string {
  return value.is === "odd" ? JSON.stringify(imageJson(value.attributes, "typed")) : value.is;
}
