import { startCommon, stopCommon } from "./common.ts";
import { stopSharedRedshift } from "./redshift.ts";

// An Output in a template literal is a bug: this makes it throw instead of printing advice into an ARN.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

/** Once a run, in the process that starts the others. */
export const mochaGlobalSetup = startCommon;
export const mochaGlobalTeardown = stopCommon;

/** In each process that runs test files; where files run side by side, after each file. */
export const mochaHooks = { afterAll: stopSharedRedshift };
