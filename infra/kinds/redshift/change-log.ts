import * as pulumi from "@pulumi/pulumi";
import { Loader } from "./loader.ts";
import type { Names } from "./names.ts";
import { createChangeLog, createCurrentView, createLoaderProcedure, createSchema } from "./statements.ts";
import type { Warehouse } from "./warehouse.ts";

interface ChangeLogArgs {
  readonly warehouse: Warehouse;
  readonly names: Names;
  /** What distinguishes the destination within its stack; the loader is named after it. */
  readonly owner: string;
}

/** What one destination has inside the warehouse: schema, change log, current view, and the loader, which may only add to the log. */
export class ChangeLog extends pulumi.ComponentResource {
  /** Secret with the loader's `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;
  /** What must exist before the first load. */
  readonly loadable: readonly pulumi.Resource[];
  /** What must exist before the first query. */
  readonly queryable: readonly pulumi.Resource[];

  constructor(name: string, { warehouse, names, owner }: ChangeLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:ChangeLog", name, {}, opts);
    // In the order in which each needs those before it.
    const statement = (what: string, sql: string) => warehouse.statements.run(`${name}-${what}`, sql, { parent: this });
    statement("schema", createSchema(names));
    const table = statement("table", createChangeLog(names));
    const view = statement("view", createCurrentView(names));
    statement("loader-procedure", createLoaderProcedure(names));
    const loader = new Loader(`${name}-loader`, { warehouse, names, owner }, { parent: this });
    this.secretArn = loader.secretArn;
    this.loadable = [table, ...loader.ready];
    this.queryable = [view];
    this.registerOutputs({ secretArn: this.secretArn });
  }
}
