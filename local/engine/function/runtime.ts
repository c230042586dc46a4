import { UserError } from "../../../terminal/user-error.ts";

/** Lambda's runtimes for Node that a program may still name. Whichever it is, functions run on this machine's own Node. */
export const runtimes = ["nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"] as const;

/** Makes sure that a runtime is one of Node's; says whether it hands handlers a callback, as those before Node 24 do. */
export function runtimeOf(name: unknown): { readonly callbacks: boolean } {
  if (runtimes.includes(name as (typeof runtimes)[number])) return { callbacks: name !== "nodejs24.x" };
  const given = name === undefined ? "missing" : String(name);
  throw new UserError(
    `\`runtime\` is ${given}: functions run on this machine's Node, so it must be one of ${runtimes.join(", ")}.`,
  );
}
