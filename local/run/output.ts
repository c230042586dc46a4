import { type Column, textTable } from "../../terminal/table.ts";
import { counted } from "../../terminal/text.ts";
import type { Engine, Progress } from "../engine/engine.ts";
import { unwanted } from "../engine/environment.ts";
import type { EngineEvent } from "../engine/events.ts";

/** A resource that the program has created. */
export type CreatedResource = Extract<Progress, { kind: "resource" }>;

/** What a machine needs to know of a program that runs here. */
export function jsonSummary(
  { program, stack }: { program: string; stack: string },
  created: readonly CreatedResource[],
  engine: Engine,
) {
  const { region, environment, endpoints, outputs, functions, mappings } = engine;
  return {
    ok: true,
    program,
    stack,
    region,
    environment,
    unset: unwanted,
    endpoints,
    outputs,
    functions: [...functions.values()].map(({ name, arn }) => ({ name, arn })),
    mappings: [...mappings.values()].map(({ uuid, streamArn, functionName }) => ({ uuid, streamArn, functionName })),
    resources: created.map(({ type, name, id }) => ({ type, name, id })),
  };
}

/** What a person needs to know of it, in so many columns, but for what is to be copied. */
export function welcome(created: readonly CreatedResource[], engine: Engine, width: number): string {
  const outputs =
    Object.keys(engine.outputs).length === 0 ? [] : ["Outputs:", JSON.stringify(engine.outputs, null, 2), ""];
  return `
${resourceTable(created, engine, width)}

${outputs.join("\n")}
Any AWS SDK or the AWS CLI reaches it with these variables:

${variables(engine)}

It runs until Ctrl-C, which leaves nothing behind. What the functions print follows.
`;
}

/** The shell commands with which any AWS SDK or the AWS CLI reaches a program that runs here, from a shell that has other variables, too. */
export function variables({ environment }: Pick<Engine, "environment">): string {
  const values = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`);
  return [`unset ${unwanted.join(" ")}`, ...values].join("\n");
}

type Describe = (resource: CreatedResource, engine: Pick<Engine, "mappings">) => string;

const byId: Describe = ({ id }) => id;

/** What people want to find again, and how it is found. Everything else is counted. */
const shown: Readonly<Record<string, { readonly what: string; readonly describe: Describe }>> = {
  "aws:dynamodb/table:Table": { what: "table", describe: byId },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": { what: "delivery stream", describe: byId },
  "aws:lambda/eventSourceMapping:EventSourceMapping": { what: "mapping", describe: mapping },
  "aws:lambda/function:Function": { what: "function", describe: byId },
  "aws:redshiftserverless/workgroup:Workgroup": { what: "warehouse", describe: byId },
  "aws:s3/bucket:Bucket": { what: "bucket", describe: byId },
  "aws:s3/bucketV2:BucketV2": { what: "bucket", describe: byId },
  "aws:sns/topic:Topic": { what: "topic", describe: byId },
  "aws:sqs/queue:Queue": { what: "queue", describe: byId },
};

/** What a program is made of, as a table: what it is, its name in the program, and where it is. */
function resourceTable(all: readonly CreatedResource[], engine: Pick<Engine, "mappings">, width: number): string {
  const rows = all
    .flatMap((resource) => {
      const known = shown[resource.type];
      return known === undefined
        ? []
        : [{ what: known.what, name: resource.name, where: known.describe(resource, engine) }];
    })
    .sort((a, b) => a.what.localeCompare(b.what) || a.name.localeCompare(b.name));
  const others = all.length - rows.length;
  const rest = others === 0 ? [] : [`and ${others} more, such as roles and policies`];
  return [...(rows.length === 0 ? [] : [textTable(columns, rows, width)]), ...rest].join("\n");
}

type Row = { readonly what: string; readonly name: string; readonly where: string };

const columns: readonly Column<Row>[] = [
  { title: "what", value: ({ what }) => what },
  { title: "name", value: ({ name }) => name },
  { title: "where", value: ({ where }) => where },
];

function mapping({ id }: CreatedResource, { mappings }: Pick<Engine, "mappings">): string {
  const running = mappings.get(id);
  const table = /:table\/([^/]+)/.exec(running?.streamArn ?? "")?.[1];
  return `stream of ${table} → ${running?.functionName} (${id})`;
}

/** A line about what happened, which begins with the name of the function or delivery stream. */
export function eventLine(event: EngineEvent): string {
  return `${event.kind === "failed delivery" ? event.deliveryStream : event.functionName}: ${description(event)}`;
}

function description(event: EngineEvent): string {
  if (event.kind === "log") return event.line;
  if (event.kind === "failed batch") {
    const what =
      event.records === 0 ? "the last invocation of a window" : `a batch of ${counted(event.records, "record")}`;
    return `${what} failed: ${event.reason}`;
  }
  if (event.kind === "failed delivery") return `a delivery failed (${event.error.errorCode}): ${event.error.message}`;
  const { message } = event;
  const { condition, approximateInvokeCount } = message.requestContext;
  const { batchSize, shardId, startSequenceNumber, endSequenceNumber } = message.DDBStreamBatchInfo;
  return [
    `gave up ${counted(batchSize, "record")} after ${counted(approximateInvokeCount, "attempt")} (${condition}):`,
    `${startSequenceNumber} to ${endSequenceNumber} of ${shardId}.`,
    event.kind === "failure message"
      ? `The failure message is in ${event.destinationArn}`
      : "There is no message about them, as the mapping has no on-failure destination",
  ].join(" ");
}
