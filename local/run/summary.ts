import type { Engine } from "../engine/engine.ts";
import { created, type Made } from "./created.ts";
import { variables } from "./variables.ts";

/** What a machine needs to know of a program that runs here. */
export function summary({ program, stack }: { program: string; stack: string }, made: readonly Made[], engine: Engine) {
  const { region, environment, endpoints, outputs, functions, mappings } = engine;
  return {
    program,
    stack,
    region,
    environment,
    endpoints,
    outputs,
    functions: [...functions.values()].map(({ name, arn }) => ({ name, arn })),
    mappings: [...mappings.values()].map(({ uuid, streamArn, functionName }) => ({ uuid, streamArn, functionName })),
    resources: made.map(({ type, name, id }) => ({ type, name, id })),
  };
}

/** What a person needs to know of it. */
export function welcome(made: readonly Made[], engine: Engine): string {
  const outputs =
    Object.keys(engine.outputs).length === 0 ? [] : ["Outputs:", JSON.stringify(engine.outputs, null, 2), ""];
  return `
${created(made, engine)}

${outputs.join("\n")}
Any AWS SDK or the AWS CLI reaches it with these variables:

${variables(engine)}

It runs until Ctrl-C, which leaves nothing behind. What the functions print follows.
`;
}
