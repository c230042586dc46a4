import { Redshift } from "../../local/engine/redshift/redshift.ts";

let running: Promise<Redshift> | undefined;

/** The stand-in for Redshift that test files share, emptied of whatever a program left in it; one program at a time. */
export async function sharedRedshift(): Promise<Redshift> {
  running ??= Redshift.start();
  const redshift = await running;
  redshift.largeStrings = false;
  const schemas = await redshift.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')",
  );
  for (const { name } of schemas) await redshift.execute(`DROP SCHEMA "${name}" CASCADE`);
  const users = await redshift.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user",
  );
  for (const { name } of users) await redshift.execute(`DROP USER "${name}"`);
  return redshift;
}

/** Ends the shared stand-in, if it was ever started. */
export async function stopSharedRedshift(): Promise<void> {
  await (await running)?.stop();
  running = undefined;
}
