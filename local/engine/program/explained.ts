import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";

/** An error of the program's: what Pulumi shows by its message alone is shown so here, and what only its author can mend says how. */
export function explained(error: unknown): unknown {
  const alone = pulumi.RunError.isInstance(error) || (pulumi.ResourceError.isInstance(error) && error.hideStack);
  if (alone) return new UserError(error.message, { cause: error });
  if (!(error instanceof Error)) return error;
  const advice = adviceFor(error);
  return advice === undefined ? error : new UserError(`${error.message}\n${advice}`, { cause: error });
}

function adviceFor(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    return "Node runs TypeScript by leaving the types out, and this is more than a type. Write it another way, or compile the program and name the JavaScript file.";
  }
  if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
    return "A package must be installed where the program lies (`npm install` there), except those of Pulumi, of which the engine brings its own.";
  }
  if (error instanceof SyntaxError && /does not provide an export named/.test(error.message)) {
    return "If it is a type, import it as one: `import type { ... }`.";
  }
  if (error instanceof ReferenceError && /is not defined in ES module scope/.test(error.message)) {
    return "A file with `import` or `export` is an ES module to Node: use `import.meta.dirname` and `import`, or compile the program and name the JavaScript file.";
  }
  return undefined;
}
