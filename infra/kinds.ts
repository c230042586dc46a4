import type { Kind } from "./kind.ts";
import { redshift } from "./kinds/redshift.ts";
import { replica } from "./kinds/replica.ts";
import { sqs } from "./kinds/sqs.ts";

/** The kinds of destination, by the name that `destinations.<name>.kind` gives, which is also the name of the handler's module. */
export const kinds = {
  redshift,
  sqs,
  replica,
} satisfies Record<string, Kind>;

/** The name of a kind of destination. */
export type KindName = keyof typeof kinds;
