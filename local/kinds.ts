import type { KindName } from "../infra/kinds.ts";
import type { LocalKind } from "./kind.ts";
import { redshift } from "./kinds/redshift.ts";
import { replica } from "./kinds/replica.ts";
import { sqs } from "./kinds/sqs.ts";

/** What only a run on this machine needs to know of each kind of destination. */
export const kinds = { redshift, sqs, replica } satisfies Record<KindName, LocalKind>;
