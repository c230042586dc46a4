import { z } from "zod";

/** The part of JSON Schema that settings are described with, as zod writes it. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** What is allowed, in words; given where the schema itself would read badly. */
  readonly allowed?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** A schema as JSON Schema, which knows every field's type, range, default and meaning. */
export function jsonSchema(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
}

/** The alternatives that a node offers; just itself where it offers none. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf ?? node.oneOf ?? [node];
}

/** What a setting accepts, in words that fit after "expected". */
export function allowed(node: SchemaNode): string {
  if (node.allowed !== undefined) return node.allowed;
  if (node.anyOf ?? node.oneOf) return [...new Set(alternatives(node).map(allowed))].join(" or ");
  if (node.const !== undefined) return String(node.const);
  if (node.enum) return `one of ${node.enum.join(", ")}`;
  switch (node.type) {
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "boolean":
      return "true or false";
    case "string":
      return text(node);
    case "array":
      return `a list${node.maxItems === undefined ? "" : ` of at most ${node.maxItems}`}${node.items ? `, each ${allowed(node.items)}` : ""}`;
    case "object":
      return node.properties ? `settings (${Object.keys(node.properties).join(", ")})` : "settings by name";
    default:
      return "any value";
  }
}

function range({ minimum, maximum }: SchemaNode): string {
  const from = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? "" : ` of at most ${to}`;
}

function text({ minLength, maxLength, pattern }: SchemaNode): string {
  // A long expression explains nothing to anybody: such a field has words of its own for a value that does not match.
  if (pattern !== undefined && pattern.length <= 40) return `text that matches ${pattern}`;
  if (minLength !== undefined && maxLength !== undefined) return `text of ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return `text of at most ${maxLength} characters`;
  return "text";
}
