import fc from "fast-check";
import { startCommon, stopCommon } from "./common.ts";
import { stopSharedRedshift } from "./redshift.ts";

// An Output in a template literal is a bug: this makes it throw instead of printing advice into an ARN.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

// Properties draw the same values in each run, so that a run fails or passes by the code alone. FANOUT_SEED=2 draws others.
fc.configureGlobal({ seed: Number(process.env.FANOUT_SEED ?? 1) });

/** Once a run, in the process that starts the others. */
export const mochaGlobalSetup = startCommon;
export const mochaGlobalTeardown = stopCommon;

/** In each process that runs test files; where files run side by side, after each file. */
export const mochaHooks = { afterAll: stopSharedRedshift };
