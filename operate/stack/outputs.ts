import { z } from "zod";
import { UserError } from "../../terminal/user-error.ts";

const destination = z.object({
  kind: z.string(),
  function: z.string(),
  mapping: z.string(),
  failureQueue: z.string(),
  sink: z.record(z.string(), z.string()),
});

const outputs = z.object({ table: z.string(), destinations: z.record(z.string(), destination) });

/** The outputs of a stack of this program, as far as the demo needs them. */
export type Outputs = z.output<typeof outputs>;

/** Checks a stack's outputs. */
export function readOutputs(value: unknown): Outputs {
  const { success, data, error } = outputs.safeParse(value);
  if (success) return data;
  throw new UserError(`The stack's outputs are not those of a fan-out:\n${z.prettifyError(error)}`);
}
