import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The program with stack files of the tests' own, for `up`: those at the top level are its users', who may change them as they like. */
export const stacks = {
  root: join(root, "test/fixtures/stacks"),
  program: join(root, "index.ts"),
} as const;
