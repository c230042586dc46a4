import type { Kind } from "./kind.ts";
import { redshift } from "./redshift.ts";
import { replica } from "./replica.ts";
import { sqs } from "./sqs.ts";

/** The kinds of destination, by the name that `destinations.<name>.kind` gives, which is also the name of the handler's module. */
export const kinds = { redshift, sqs, replica } satisfies Record<string, Kind>;
