import { type Column, textTable } from "../../terminal/text.ts";
import type { Engine, Progress } from "../engine/engine.ts";

/** A resource that was made. */
export type Made = Extract<Progress, { kind: "resource" }>;

type Describe = (made: Made, engine: Pick<Engine, "mappings">) => string;

const byId: Describe = ({ id }) => id;

/** What people want to find again, and how it is found. Everything else is counted. */
const kinds: Readonly<Record<string, { readonly kind: string; readonly describe: Describe }>> = {
  "aws:dynamodb/table:Table": { kind: "table", describe: byId },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": { kind: "delivery stream", describe: byId },
  "aws:lambda/eventSourceMapping:EventSourceMapping": { kind: "mapping", describe: mapping },
  "aws:lambda/function:Function": { kind: "function", describe: byId },
  "aws:redshiftserverless/workgroup:Workgroup": { kind: "warehouse", describe: byId },
  "aws:s3/bucket:Bucket": { kind: "bucket", describe: byId },
  "aws:s3/bucketV2:BucketV2": { kind: "bucket", describe: byId },
  "aws:sns/topic:Topic": { kind: "topic", describe: byId },
  "aws:sqs/queue:Queue": { kind: "queue", describe: byId },
};

/** What a program is made of, as a table: the kind, the name in the program, and where it is. */
export function created(all: readonly Made[], engine: Pick<Engine, "mappings">): string {
  const rows = all
    .flatMap((made) => {
      const known = kinds[made.type];
      return known === undefined ? [] : [{ kind: known.kind, name: made.name, where: known.describe(made, engine) }];
    })
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
  const others = all.length - rows.length;
  const rest = others === 0 ? [] : [`and ${others} more, such as roles and policies`];
  return [...(rows.length === 0 ? [] : [textTable(columns, rows)]), ...rest].join("\n");
}

type Row = { readonly kind: string; readonly name: string; readonly where: string };

const columns: readonly Column<Row>[] = [
  { title: "what", value: ({ kind }) => kind },
  { title: "name", value: ({ name }) => name },
  { title: "where", value: ({ where }) => where },
];

function mapping({ id }: Made, { mappings }: Pick<Engine, "mappings">): string {
  const running = mappings.get(id);
  const table = /:table\/([^/]+)/.exec(running?.streamArn ?? "")?.[1];
  return `stream of ${table} → ${running?.functionName} (${id})`;
}
