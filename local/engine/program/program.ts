import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../terminal/user-error.ts";
import { modulesOf } from "./modules.ts";
import { explained } from "./program-error.ts";

export interface Program {
  /** The project's folder, in which the program runs, as the Pulumi CLI has it. Its real path. */
  readonly root: string;
  /** The file with the program: its real path, without symbolic links. */
  readonly file: string;
  readonly project: string;
  readonly stack: string;
  /** `<namespace>:<key>` to value. */
  readonly config: Readonly<Record<string, string>>;
  /** Ends the run early: from then on nothing is created, and once current work has ended, the run rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Makes sure that there is an equivalent of something that the program registers or asks for; also asked once nothing is created any more. */
  check?(kind: "resource" | "call", token: string): void;
  /** Creates what the program registers. */
  register(args: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult>;
  /** Answers what the program asks of a provider. */
  call(args: pulumi.runtime.MockCallArgs): Promise<pulumi.runtime.MockCallResult>;
}

/** The program's file, by its path relative to the project's folder. */
export function programFile(root: string, program: string): string {
  const path = resolve(root, program);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`The program ${path} does not exist.`);
  if (!found.isFile()) throw new UserError(`The program ${path} is a folder. Name the file, such as index.ts in it.`);
  return realpathSync(path);
}

/** Exported for "unit tests", without a type: from then on, missing outputs are unknown, and nothing is computed from them. */
const runtime = pulumi.runtime as unknown as { _setIsDryRun(value: boolean): void };

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi program in this process and returns its outputs, once every resource has been created. When a resource
 * cannot be created, the rest of the program runs as in a preview, without effects, and when it is over, the first error is
 * thrown, with all that has no equivalent here. One program runs at a time: the SDK has one state for the whole process, which has one current folder.
 */
export function runProgram(program: Program): Promise<Record<string, unknown>> {
  const run = last.then(() => runAlone(program));
  last = run.catch(() => {}); // its caller gets the error
  return run;
}

async function runAlone(program: Program): Promise<Record<string, unknown>> {
  const { root, file, project, stack, config, signal, register, call, check = () => {} } = program;
  signal?.throwIfAborted();
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    failures.push(error);
    runtime._setIsDryRun(true);
  };
  const missing = new Set<string>();
  const exists = (kind: "resource" | "call", token: string, what: string): boolean => {
    try {
      check(kind, token);
      return true;
    } catch (error) {
      const refusal = named(what, error);
      if (failures.length > 0) missing.add(refusal.message);
      else fail(refusal);
      return false;
    }
  };
  const abort = () => fail(signal?.reason);
  await pulumi.runtime.setMocks(
    {
      async newResource(args) {
        const untouched = { id: undefined, state: args.inputs };
        const what = `${args.type} "${args.name}"`;
        if (args.custom !== false && !exists("resource", args.type, what)) return untouched;
        if (failures.length > 0) return untouched;
        try {
          return await register(args);
        } catch (error) {
          fail(named(what, error));
          return untouched;
        }
      },
      // Answered to the end, as in a preview: the program computes with what it looks up.
      async call(args) {
        if (!exists("call", args.token, args.token)) return {};
        try {
          return await call(args);
        } catch (error) {
          // The program may handle what AWS would answer, but not what this machine cannot do.
          if (!(error instanceof UserError)) throw withDetails(error as Error);
          fail(named(args.token, error));
          return {};
        }
      },
    },
    project,
    stack,
  );
  pulumi.runtime.setAllConfig({ ...config });
  // What fails in an `apply` that nobody waits for would end this process, as it ends the one in which Pulumi runs a program.
  const fallen = (error: unknown) => void failures.push(explained(error, root));
  process.on("unhandledRejection", fallen);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  const modules = modulesOf(file, randomUUID());
  const folder = process.cwd();
  process.chdir(root);
  let outputs: Record<string, unknown> | undefined;
  try {
    // Caught in here: the SDK would otherwise leave unhandled rejections of the same errors behind.
    outputs = await pulumi.runtime.runInPulumiStack(() =>
      load(modules.url).catch((error) => void failures.push(explained(error, root))),
    );
  } catch (error) {
    failures.push(explained(error, root));
  }
  try {
    await pulumi.runtime.disconnect(); // until then, resources that no output depends on are still being created
  } catch (error) {
    failures.push(explained(error, root));
  }
  await setImmediate(); // rejections are told of after the work in which they came
  process.off("unhandledRejection", fallen);
  modules.release();
  process.chdir(folder);
  signal?.removeEventListener("abort", abort);
  runtime._setIsDryRun(false);
  if (missing.size > 0) {
    throw new UserError([messageOf(failures[0]), ...missing].join("\n"), { cause: failures[0] });
  }
  if (failures.length > 0) throw failures[0];
  return outputs ?? {};
}

/** What the program exports: its named exports, or what its default export is or returns. */
async function load(url: string): Promise<Record<string, unknown>> {
  const module = exportsOf(await import(url));
  if (!("default" in module)) return { ...module };
  const main = module.default as Record<string, unknown> | (() => Promise<Record<string, unknown>>);
  return typeof main === "function" ? main() : main;
}

/** Of CommonJS that was compiled from an ES module, the exports are the one thing that it exports. */
function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  const common = module.default as Record<string, unknown> | null | undefined;
  return common?.__esModule === true ? common : module;
}

/** Of a failed call the SDK shows only what gRPC calls its details. */
function withDetails(error: Error): Error {
  return Object.assign(error, { details: error.message });
}

function named(what: string, error: unknown): UserError {
  return new UserError(`${what}: ${messageOf(error)}`, { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
