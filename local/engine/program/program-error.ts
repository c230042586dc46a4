import { relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";

/** An error of the program's own, with its place in the program. The stack trace is the error's. */
class ProgramError extends Error {
  constructor(place: string, error: Error) {
    super(`${place}: ${error.message}`, { cause: error });
    this.name = error.name;
    if (error.stack !== undefined) this.stack = error.stack;
  }
}

/**
 * An error of the program's own: shown by its message alone where Pulumi does so, and else with its file and line, and with advice
 * where only the program's author can fix it.
 * @param root the project's folder, to which the file is relative
 */
export function explained(error: unknown, root: string): unknown {
  const alone = pulumi.RunError.isInstance(error) || (pulumi.ResourceError.isInstance(error) && error.hideStack);
  if (alone) return new UserError(error.message, { cause: error });
  if (!(error instanceof Error)) return error;
  if (error instanceof UserError) return error;
  const advice = adviceFor(error);
  const place = placeOf(error, root);
  if (advice === undefined) return place === undefined ? error : new ProgramError(place, error);
  const where = place === undefined || error.message.includes(place) ? "" : `${place}: `;
  return new UserError(`${where}${error.message}\n${advice}`, { cause: error });
}

/** Where in the program's own files an error came from, as `file:line:column` or, where the text itself is wrong, `file:line`. */
function placeOf({ stack = "", message }: Error, root: string): string | undefined {
  const frames = stack.replace(message, "").split("\n");
  for (const frame of frames) {
    const [, path, place] = /(\/[^\s()?]+?)(?:\?run=[\w-]+)?((?::\d+){1,2})\)?$/.exec(frame) ?? [];
    if (path === undefined) continue;
    const file = relative(root, decodeURI(path.replace(/^\/\//, ""))); // of file:///folder/file the pattern leaves ///folder/file
    if (!file.startsWith("..") && !file.includes("node_modules/")) return `${file}${place}`;
  }
  return undefined;
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
