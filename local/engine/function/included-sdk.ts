import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const included = /^@(aws-sdk|smithy)\//;

/**
 * Lets code that brings no AWS SDK of its own have this machine's, as Lambda's runtimes include one: from now on, in this thread.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function includeSdk(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!included.test(specifier) || context.parentURL === import.meta.url) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        try {
          return context.conditions.includes("require")
            ? { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true }
            : next(specifier, { ...context, parentURL: import.meta.url });
        } catch {
          throw error; // who asks for it matters more than who looked for it in vain
        }
      }
    },
  });
}
