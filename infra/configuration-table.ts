import type { z } from "zod";
import { kinds } from "./kinds.ts";
import { alarmsSchema } from "./settings/alarms.ts";
import { allowed, alternatives, jsonSchema, type SchemaNode } from "./settings/json-schema.ts";
import { existingTableSchema, newTableSchema } from "./settings/source.ts";
import { commonSchema } from "./stack/destination.ts";
import { maxReadersSchema } from "./stack/settings.ts";

const destination = "destinations.<name>";
const heading = ["| Setting | Type | Default | Allowed | Meaning |", "| --- | --- | --- | --- | --- |"];

/** Every setting of a stack, as Markdown: a table for the stack, one for all destinations, and one for each kind. */
export function configurationTable(): string {
  const kind: SchemaNode = {
    type: "string",
    enum: Object.keys(kinds),
    description: "What the destination is. The settings of each kind follow below.",
  };
  const made = fields(newTableSchema, "source");
  const adopted = fields(existingTableSchema, "source").filter(({ path }) => !made.some((row) => row.path === path));
  return [
    section("The stack", [
      ...made,
      ...adopted.map((row) => ({ ...row, required: row.path !== "source.existing" })),
      { path: "maxReadersPerShard", node: jsonSchema(maxReadersSchema), required: false },
      ...fields(alarmsSchema, "alarms"),
    ]),
    section("Every destination", [
      { path: `${destination}.kind`, node: kind, required: true },
      ...fields(commonSchema, destination),
    ]),
    ...Object.entries(kinds).map(([name, { schema, views }]) =>
      section(`Kind \`${name}\``, fields(schema, destination), `Stream view types: ${views.join(", ")}.`),
    ),
  ].join("\n\n");
}

interface Field {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

function section(title: string, fields: readonly Field[], note?: string): string {
  return [`### ${title}`, "", ...(note === undefined ? [] : [note, ""]), ...heading, ...fields.map(row)].join("\n");
}

function row({ path, node, required }: Field): string {
  const hasDefault = node.default !== undefined;
  const preset = hasDefault
    ? `\`${JSON.stringify(node.default).replaceAll('"', "")}\``
    : required
      ? "required"
      : "none";
  const cells = [
    `\`${path}\``,
    typeOf(node),
    preset,
    node.properties ? "see below" : allowed(node),
    node.description ?? "",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function fields(schema: z.ZodType, path: string): Field[] {
  return below(jsonSchema(schema), path);
}

/** The fields of an object, and of the objects in it; one that all its alternatives share is shown once. */
function below(node: SchemaNode, path: string): Field[] {
  const found = new Map<string, Field>();
  for (const alternative of alternatives(node))
    for (const [key, child] of Object.entries(alternative.properties ?? {})) {
      const field = { path: `${path}.${key}`, node: child, required: alternative.required?.includes(key) ?? false };
      const grouping = child.properties !== undefined && child.description === undefined;
      for (const each of [...(grouping ? [] : [field]), ...below(child, field.path)])
        if (!found.has(each.path)) found.set(each.path, each);
    }
  return [...found.values()];
}

function typeOf(node: SchemaNode): string {
  const types = alternatives(node).map((each) => {
    const listed = each.enum ?? (each.const === undefined ? [] : [each.const]);
    return listed.length > 0 && listed.every(Number.isInteger) ? "integer" : (each.type ?? "any");
  });
  return [...new Set(types)].join(" or ");
}
