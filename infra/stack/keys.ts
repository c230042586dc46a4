import * as pulumi from "@pulumi/pulumi";
import { type Problem, suggest } from "../settings/check.ts";

const settings = ["source", "maxReadersPerShard", "destinations", "alarms"] as const;
type Setting = (typeof settings)[number];
type Values = Readonly<Partial<Record<Setting, unknown>>>;

/** What a stack sets, unchecked, and what is wrong with how it names it. */
interface Keys {
  readonly values: Values;
  readonly problems: readonly Problem[];
}

/**
 * Reads a stack's settings by their names. They have one namespace, whatever the project is called: a key without one is the
 * project's, and the CLI writes such keys anew, under the project's name and without their comments, whenever it edits the
 * file. It leaves keys that stay as they are where they were, with all that stands beside them
 * (https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/util/yamlutil/edit.go).
 *
 * Settings that still stand under the project's name are read as well, with one warning that says how to move them; that ends
 * with the next version.
 * @param config the configuration in the namespace of the settings
 */
export function readKeys(config: pulumi.Config): Keys {
  const project = new pulumi.Config(); // where the settings were before
  const isMoved = project.name !== config.name;
  const values = given(config);
  const old = isMoved ? given(project) : {};
  const keys = settings.filter((key) => key in old);
  const once = keys.filter((key) => !(key in values));
  const twice = keys.filter((key) => key in values);
  if (once.length > 0) void pulumi.log.warn(howToMove(once, project.name, config.name));
  return {
    values: { ...old, ...values },
    problems: [
      ...unknownKeys(config.name),
      ...(isMoved ? mistaken(project.name, config.name) : []),
      ...twice.map((key) => ({ path: key, message: givenTwice(`${config.name}:${key}`, `${project.name}:${key}`) })),
    ],
  };
}

function given(config: pulumi.Config): Values {
  const texts = settings.map((key) => [key, config.get(key)] as const);
  return Object.fromEntries(texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, parsed(text)]])));
}

function howToMove(old: readonly Setting[], project: string, namespace: string): string {
  const renames = old.map((key) => `\`${key}\` (or \`${project}:${key}\`) to \`${namespace}:${key}\``).join(", ");
  const declared = old.map((key) => `\`${key}\``).join(", ");
  return `The settings have a namespace of their own, and the next version reads no others. In Pulumi.${pulumi.getStack()}.yaml, or wherever they are set, rename ${renames}; under \`config\` in Pulumi.yaml, remove what is still declared of ${declared}.`;
}

function givenTwice(key: string, old: string): string {
  return `is set as ${key} and as ${old}; expected the first alone: move what the second has, then \`pulumi config rm ${old}\``;
}

/** Every key of the settings' namespace is a setting, or a mistake. */
function unknownKeys(namespace: string): readonly Problem[] {
  const allowed = `allowed here: ${settings.map((key) => `${namespace}:${key}`).join(", ")}`;
  return otherKeys(namespace).map((key) => ({
    path: `${namespace}:${key}`,
    message: `is not a setting; ${meant(key, namespace) ?? allowed}`,
  }));
}

/** The project's own keys are its own business, unless they look like settings. */
function mistaken(project: string, namespace: string): readonly Problem[] {
  return otherKeys(project).flatMap((key) => {
    const wayOut = meant(key, namespace);
    return wayOut === undefined ? [] : [{ path: `${project}:${key}`, message: `is not a setting; ${wayOut}` }];
  });
}

function otherKeys(namespace: string): readonly string[] {
  const prefix = `${namespace}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return keys.map((key) => key.slice(prefix.length)).filter((key) => !settings.some((setting) => setting === key));
}

/** What a key was meant for. One such as `source.name` is what `pulumi config set` writes unless it is told that it is a path. */
function meant(key: string, namespace: string): string | undefined {
  if (settings.some((setting) => key.startsWith(`${setting}.`) || key.startsWith(`${setting}[`)))
    return `a part of one is set with --path: \`pulumi config set --path "${namespace}:${key}" VALUE\``;
  const near = suggest(key, settings);
  return near === undefined ? undefined : `did you mean \`${namespace}:${near}\`?`;
}

/** Structured configuration arrives as JSON text, a single value as itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
