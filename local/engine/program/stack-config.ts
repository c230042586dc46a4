import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { isObject } from "../../../infra/is-object.ts";
import { UserError } from "../../../terminal/user-error.ts";

/** A project's name and one stack's configuration, as the Pulumi CLI would hand them to the program. */
export interface StackConfig {
  /** The project's name, from `Pulumi.yaml`. */
  readonly project: string;
  /** `<namespace>:<key>` to value; structured values are JSON. */
  readonly config: Readonly<Record<string, string>>;
}

export interface StackConfigOptions {
  /** The folder with `Pulumi.yaml`. */
  readonly root: string;
  /** The stack's name: `Pulumi.<stack>.yaml` holds its values. */
  readonly stack: string;
  /** Values that take precedence over both files, by key; a key without a namespace is the project's own. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * Reads `Pulumi.yaml` (with its defaults) and `Pulumi.<stack>.yaml`, which a stack without values of its own may lack.
 * Where other stacks have such a file and nothing is overridden, a missing one is taken for a mistyped name. Throws a
 * `UserError` for a missing or broken file, a value of the wrong type, a declared key without a value, and an encrypted
 * value, which only the Pulumi CLI can read.
 */
export function readStackConfig({ root, stack, overrides = {} }: StackConfigOptions): StackConfig {
  if (!existsSync(join(root, "Pulumi.yaml")))
    throw new UserError(`${join(root, "Pulumi.yaml")} does not exist; a Pulumi project has one at its top level.`);
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = project.name;
  if (typeof name !== "string" || name === "") throw new UserError("Pulumi.yaml: `name` must be the project's name.");
  const file = `Pulumi.${stack}.yaml`;
  if (Object.keys(overrides).length === 0) refuseUnknownStack(root, stack, file);
  const values = existsSync(join(root, file)) ? readYaml(join(root, file)) : {};
  const declared = section(project, "Pulumi.yaml");
  const config: Record<string, string> = {};
  for (const [key, declaration] of Object.entries(declared)) {
    const value = declaredValue(declaration);
    if (value !== undefined) config[qualified(key, name)] = asText(value, `Pulumi.yaml: config.${key}`);
  }
  for (const [source, entries] of [[file, section(values, file)] as const, ["the overrides", overrides] as const]) {
    for (const [key, value] of Object.entries(entries)) {
      const path = `${source}: config.${key}`;
      if (value === undefined) continue;
      refuseEncrypted(value, path);
      config[qualified(key, name)] = asText(value, path);
    }
  }
  checkDeclared(declared, config, name, file);
  return { project: name, config };
}

function refuseUnknownStack(root: string, stack: string, file: string): void {
  if (existsSync(join(root, file))) return;
  const stacks = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  if (stacks.length === 0) return;
  throw new UserError(
    `${join(root, file)} does not exist; it holds the configuration of the stack \`${stack}\`. There are files of ${stacks.sort().join(", ")}.`,
  );
}

function readYaml(path: string): Record<string, unknown> {
  const document = parseDocument(readFileSync(path, "utf8"));
  const [problem] = document.errors;
  if (problem !== undefined) throw new UserError(`${path} is not valid YAML: ${problem.message}`);
  const content: unknown = document.toJS() ?? {};
  if (!isObject(content)) throw new UserError(`${path} must hold a mapping of keys to values.`);
  return content;
}

function section(content: Record<string, unknown>, file: string): Record<string, unknown> {
  const config = content.config ?? {};
  if (!isObject(config)) throw new UserError(`${file}: \`config\` must be a mapping of keys to values.`);
  return config;
}

/** `key: {type, default}` declares a key and `key: {value}` sets it; anything that is no mapping is the value itself. */
function declaredValue(declaration: unknown): unknown {
  return isObject(declaration) ? (declaration.value ?? declaration.default) : (declaration ?? undefined);
}

function qualified(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

function asText(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  if (value === null) throw new UserError(`${path}: has no value. Give it one, or remove the key.`);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function refuseEncrypted(value: unknown, path: string): void {
  if (!isObject(value) && !Array.isArray(value)) return;
  if (isObject(value) && "secure" in value) {
    throw new UserError(
      `${path}: is encrypted, and only the Pulumi CLI holds the key to it. Use a stack file with a plain value for the run on this machine, or override the key.`,
    );
  }
  for (const [key, part] of Object.entries(value)) refuseEncrypted(part, `${path}.${key}`);
}

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  string: () => true,
  integer: (text) => /^[+-]?\d+$/.test(text),
  boolean: (text) => text === "true" || text === "false",
  array: (text) => Array.isArray(parsed(text)),
  object: (text) => isObject(parsed(text)),
};

function checkDeclared(
  declared: Record<string, unknown>,
  config: Record<string, string>,
  project: string,
  file: string,
): void {
  for (const [key, declaration] of Object.entries(declared)) {
    if (!isObject(declaration) || typeof declaration.type !== "string") continue;
    const value = config[qualified(key, project)];
    if (value === undefined) {
      throw new UserError(
        `${file}: config.${key} has no value and Pulumi.yaml gives it no default. Add \`${qualified(key, project)}: ...\` under \`config:\`.`,
      );
    }
    const check = checks[declaration.type];
    if (check === undefined) {
      throw new UserError(
        `Pulumi.yaml: config.${key}.type is \`${declaration.type}\`; allowed are ${Object.keys(checks).join(", ")}.`,
      );
    }
    if (!check(value)) {
      throw new UserError(`${file}: config.${key} must be of type ${declaration.type}, as Pulumi.yaml says.`);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a plain string: neither an array nor an object
  }
}
