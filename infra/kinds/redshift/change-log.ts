import * as pulumi from "@pulumi/pulumi";
import { Loader } from "./loader.ts";
import { type Names, publicSchema } from "./names.ts";
import { createChangeLog, createCurrentView, createLoaderProcedure, createSchema } from "./statements.ts";

interface ChangeLogArgs {
  readonly names: Names;
  /** What distinguishes the destination within its stack; the loader is named after it. */
  readonly owner: string;
}

/** What one destination has inside the warehouse: schema, change log, current view, and the loader, which may only add to the log. */
export class ChangeLog extends pulumi.ComponentResource {
  /** What makes them, in the order in which each statement needs those before it. */
  readonly statements: readonly pulumi.Input<string>[];
  /** Secret with the loader's `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;
  /** What must exist before Firehose can log in as the loader. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, { names, owner }: ChangeLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fanout:index:ChangeLog", name, {}, opts);
    const loader = new Loader(`${name}-loader`, { names, owner }, { parent: this });
    this.statements = [
      // Every database has it, and AWS takes its name for no new one: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_SCHEMA.html
      ...(names.schema === publicSchema ? [] : [createSchema(names)]),
      createChangeLog(names),
      createCurrentView(names),
      createLoaderProcedure(names),
      loader.statement,
    ];
    this.secretArn = loader.secretArn;
    this.ready = loader.ready;
    this.registerOutputs({ secretArn: this.secretArn });
  }
}
