import { UserError } from "../../../terminal/user-error.ts";
import type { World } from "../world/world.ts";

/** What Lambda sets itself. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reserved = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html */
const names = /^[a-zA-Z][a-zA-Z0-9_]+$/;

const utc = ["UTC", ":UTC", "Etc/UTC"];

/**
 * A function's own variables. `TZ` is not reserved, and has no effect here: all functions run in UTC, which is told.
 * @throws UserError for names that Lambda refuses
 */
export function functionVariables(
  variables: Readonly<Record<string, string>> = {},
  functionName: string,
  world: Pick<World, "onProblem">,
): Readonly<Record<string, string>> {
  const taken = Object.keys(variables).filter((name) => reserved.has(name));
  if (taken.length > 0) {
    throw new UserError(
      "InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. " +
        `Reserved keys used in this request: ${taken.join(", ")}`,
    );
  }
  const odd = Object.keys(variables).filter((name) => !names.test(name));
  if (odd.length > 0) {
    throw new UserError(
      `\`environment.variables\` has ${odd.map((name) => JSON.stringify(name)).join(", ")}: a name begins with a letter, and goes on with at least one letter, digit or underscore.`,
    );
  }
  const { TZ } = variables;
  if (TZ !== undefined && !utc.includes(TZ))
    world.onProblem(`The function ${functionName} has the time zone ${TZ}; on this machine it runs in UTC.`);
  return variables;
}
