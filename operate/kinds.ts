import type { KindName } from "../infra/kinds.ts";
import { UserError } from "../terminal/user-error.ts";
import type { OperatedKind } from "./kind.ts";
import { redshift } from "./kinds/redshift.ts";
import { replica } from "./kinds/replica.ts";
import { sqs } from "./kinds/sqs.ts";

/** What the tools know of each kind of destination. */
export const kinds = { redshift, sqs, replica } satisfies Record<KindName, OperatedKind>;

/** The name of a kind, as a stack's outputs give it. */
export function kindName(text: string): KindName {
  if (Object.hasOwn(kinds, text)) return text as KindName;
  throw new UserError(
    `The stack has a destination of kind ${text}, which is not known here. Use the version of this project with which the stack was deployed.`,
  );
}
