import type { Engine } from "../engine/engine.ts";

/** The shell commands with which any AWS SDK or the AWS CLI reaches a program that runs here. */
export function variables({ environment }: Pick<Engine, "environment">): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${value}`)
    .join("\n");
}
