import { type Column, textTable } from "../../terminal/table.ts";
import { prose } from "../../terminal/text.ts";
import { prices } from "../engine/cost/prices.ts";
import type { Unit } from "../engine/cost/units.ts";
import { type ConsumerBill, enoughChanges, type RunCost } from "./run-cost.ts";

const names: Readonly<Record<Unit, string>> = {
  firehoseSteps: "5 KB into Firehose",
  sqsStandardRequests: "SQS request",
  sqsFifoRequests: "SQS FIFO request",
  writeUnits: "write of 1 KB",
  readUnits: "read of 4 KB",
  streamReads: "read of a stream",
  s3Writes: "write to S3",
  s3Reads: "read from S3",
  snsPublishes: "publish to SNS",
};

/** A line of the table: a consumer, or their sum. */
type Row = Pick<ConsumerBill, "destinations" | "total" | "perMillion"> & Partial<ConsumerBill>;

const usedColumns: readonly Column<Row>[] = [
  { title: "cost", value: ({ destinations }) => destinations.join(", ") },
  { title: "Lambda", value: lambda, align: "right" },
  { title: "billed calls", value: calls },
  {
    title: "this run",
    value: ({ total }) => (total > 0 && total < 0.0001 ? "< $0.0001" : `$${total.toFixed(4)}`),
    align: "right",
  },
];

const millionColumn: Column<Row> = {
  title: "a million changes",
  value: ({ perMillion = 0 }) => money(perMillion),
  align: "right",
};

function lambda({ invocations, milliseconds = 0, memoryMb }: Row): string {
  if (invocations === undefined) return "";
  const mean = invocations === 0 ? 0 : milliseconds / invocations;
  return `${invocations} × ${mean.toFixed(0)} ms × ${memoryMb} MB`;
}

function calls({ units = {} }: Row): string {
  return (Object.entries(units) as [Unit, number][]).map(([unit, count]) => `${count} × ${names[unit]}`).join(", ");
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}

/** What a run would have cost, as a person reads it, in so many columns. */
export function costReport({ consumers, loads, ...sum }: RunCost, width: number): string {
  const isEnough = sum.perMillion !== undefined;
  const columns = [...usedColumns, ...(isEnough ? [millionColumn] : [])];
  const notes = [
    "AWS's prices in us-east-1, without free tiers. Time is this machine's; waits are shorter here, so that on AWS batches are fuller and fewer.",
    "A queue's requests include those of who reads it. Not included: storage, data transfer, logs, secrets, keys, Firehose's requests of S3, and",
    `${money(prices.alarmMonths.dollars)} a month for each alarm.`,
  ].join(" ");
  const paragraphs = [
    notes,
    ...(isEnough
      ? []
      : [`What a million changes cost is not said of fewer than ${enoughChanges.toLocaleString("en")}.`]),
    ...loads.map(
      ({ destination, rpu, interval, loads, dollars, perDay }) =>
        `Redshift bills time: ${loads} × 60 s × ${rpu} RPU at least to load ${destination} for this run, ${money(dollars)}; every ${interval} s all day, ${money(perDay)}.`,
    ),
  ];
  return [
    textTable(columns, [...consumers, { destinations: ["sum"], ...sum }], width),
    "",
    ...paragraphs.map((text) => prose(text, width)),
  ].join("\n");
}
