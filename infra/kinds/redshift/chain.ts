import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Turns } from "../../turns.ts";

/** What the Data API needs to know of a warehouse. */
export interface DataApi {
  readonly workgroupName?: pulumi.Input<string>;
  readonly clusterIdentifier?: pulumi.Input<string>;
  /** Secret of a superuser. */
  readonly secretArn: pulumi.Input<string>;
}

interface ChainArgs {
  readonly dataApi: DataApi;
  readonly database: pulumi.Input<string>;
  /** What the stack calls the warehouse: the same for every destination that loads into it, whatever its database. */
  readonly warehouse: string;
  readonly turns: Turns;
}

/** How long a statement may take: the first one of a day wakes the warehouse. */
const patience = "30m";

/**
 * Runs statements in a warehouse one after the other. Redshift aborts one of two that change the same object at once
 * ("could not complete because of conflict with concurrent transaction": https://github.com/dbt-labs/dbt-adapters/issues/1533),
 * and so much touches the same object (a grant changes its table, a user the whole warehouse) that a warehouse has one chain.
 */
export class Chain {
  readonly #args: ChainArgs;

  constructor(args: ChainArgs) {
    this.#args = args;
  }

  /** Runs a statement after all those before it, and again whenever its text changes. */
  run(
    name: string,
    sql: pulumi.Input<string>,
    { parent }: { readonly parent: pulumi.Resource },
  ): aws.redshiftdata.Statement {
    const { dataApi, database, warehouse, turns } = this.#args;
    return turns.take(
      `statements in ${warehouse}`,
      (before) =>
        new aws.redshiftdata.Statement(
          name,
          { ...dataApi, database, sql },
          { parent, dependsOn: [...before], customTimeouts: { create: patience } },
        ),
    );
  }
}
