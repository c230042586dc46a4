import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../infra/stack/settings.ts";

const project = "fanout";

/** A setting at the top, by its full key. */
export const key = (setting: string) => `${project}:${setting}`;

/** Settings as the CLI hands them to the program. */
export const entries = (settings: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [key(name), JSON.stringify(value) ?? "null"]));

/**
 * The lines with which a stack's settings are refused, given as text; none if they are taken. Whatever else is thrown is
 * thrown. There are no tables, and no program runs.
 */
export async function linesOf(
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[] = [],
): Promise<readonly string[]> {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: notFound }, project);
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...config }, [...secretKeys]);
  try {
    await readSettings(new pulumi.Config(project));
    return [];
  } catch (error) {
    if (!pulumi.RunError.isInstance(error)) throw error;
    return error.message.split("\n");
  } finally {
    await pulumi.runtime.disconnect();
  }
}

function notFound(): never {
  throw new Error("couldn't find resource");
}
