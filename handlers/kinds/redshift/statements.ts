import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementInput,
  RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";

/** What the function works with: `STATEMENTS` in its environment, as JSON. */
export interface StatementSettings {
  /** Where the statements run, and as whom. */
  readonly target: Pick<ExecuteStatementInput, "WorkgroupName" | "ClusterIdentifier" | "Database" | "SecretArn">;
  /** The SHA-256 of each statement that may run, in hexadecimal. */
  readonly known: readonly string[];
}

/** What the function is invoked with. */
export interface StatementEvent {
  /** SQL statements; they run in this order, each as a transaction of its own. */
  readonly statements: readonly string[];
}

/** What the function reads, and how it waits. */
interface StatementOptions {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default the machine's clock */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Takes one line. @default standard output */
  readonly write?: (line: string) => void;
}

/**
 * Makes the function that prepares a warehouse: it runs statements as a superuser, and therefore none but those that the
 * stack was deployed with. It fails with what the warehouse says about the first that fails. Statements that have run may run
 * again at any time.
 */
export function statements({
  environment = process.env,
  pause = setTimeout,
  write = (line) => void process.stdout.write(`${line}\n`),
}: StatementOptions = {}) {
  const { target, known }: StatementSettings = JSON.parse(environment.STATEMENTS ?? "{}");
  const client = new RedshiftDataClient({ maxAttempts: 5 });
  return async ({ statements }: StatementEvent): Promise<{ readonly statements: number }> => {
    const unknown = statements.findIndex((sql) => !known.includes(createHash("sha256").update(sql).digest("hex")));
    if (unknown >= 0)
      throw new Error(`Statement ${unknown + 1} is none of those that this function was deployed with.`);
    for (const sql of statements) {
      await untilDone(sql);
      write(JSON.stringify({ level: "INFO", ran: shown(sql) }));
    }
    return { statements: statements.length };
  };

  /** Runs a statement, and again where another transaction, or a right that is still on its way, was all that kept it. */
  async function untilDone(sql: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(sql);
      } catch (error) {
        if (attempt === attempts || !passes(error as Error)) throw error;
        await pause(1000 * attempt);
      }
    }
  }

  async function run(sql: string): Promise<void> {
    const { Id } = await client.send(new ExecuteStatementCommand({ ...target, Sql: sql }));
    for (;;) {
      const { Status, Error: reason = "" } = await client.send(new DescribeStatementCommand({ Id }));
      if (Status === "FINISHED") return;
      if (Status === "FAILED" || Status === "ABORTED")
        throw new Error(`${reason || Status}, in the statement: ${shown(sql)}`);
      await pause(1000);
    }
  }
}

/** Pauses of 1, 2, 3, ... seconds lie between them: 15 altogether. */
const attempts = 6;

/** Whether it may be over soon: another stack is working on the warehouse, or the function's role is newer than IAM has spread the word. */
function passes({ name, message }: Error): boolean {
  return name === "AccessDeniedException" || message.includes("conflict with concurrent transaction");
}

/** A statement's beginning, without its literals: one of them may be a password's hash. */
function shown(sql: string): string {
  const line = sql.replaceAll(/'(?:[^'\\]|''|\\.)*'/g, "'...'").replaceAll(/\s+/g, " ");
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
