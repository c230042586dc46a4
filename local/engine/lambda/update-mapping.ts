import { isObject } from "../../../infra/is-object.ts";
import { LambdaError } from "./lambda-error.ts";
import type { RunningMapping } from "./running-mapping.ts";

/**
 * Enables or disables a mapping, as the body of an UpdateEventSourceMapping says it: that is all that can be changed about one that runs.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 * @throws LambdaError if the body says anything else, or if the mapping is on its way to another state; nothing is changed then
 */
export function updateMapping({ mapping, uuid }: RunningMapping, body: unknown): void {
  if (!isObject(body))
    throw invalid(`The body of an update is an object, such as {"Enabled": false}, not ${shown(body)}.`);
  const given = Object.keys(body).filter((field) => body[field] !== null);
  const others = given.filter((field) => field !== "Enabled");
  if (others.length > 0) {
    throw invalid(
      `The stand-in for Lambda cannot update ${others.join(", ")}, only Enabled: change the program, and bring it up again.`,
    );
  }
  const enabled = body.Enabled ?? undefined;
  if (enabled !== undefined && typeof enabled !== "boolean")
    throw invalid(`Enabled is ${shown(enabled)}: it must be true or false.`);
  const { state } = mapping;
  if (state !== "Enabled" && state !== "Disabled") {
    const message = `Cannot update the event source mapping because it is in use: ${uuid} is ${state}.`;
    throw new LambdaError(400, "ResourceInUseException", message);
  }
  if (enabled !== undefined) mapping.setEnabled(enabled);
}

function invalid(message: string): LambdaError {
  return new LambdaError(400, "InvalidParameterValueException", message);
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}
