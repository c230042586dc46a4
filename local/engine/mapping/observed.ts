import { isObject } from "../../../infra/settings/is-object.ts";
import type { Happening } from "../happening.ts";
import type { Invocation } from "./deliver-batch.ts";
import type { MappingOptions } from "./options.ts";

/** A mapping's options, so changed that somebody is told of each failed batch and each failure message. */
export function observed(
  functionName: string,
  tell: (happening: Happening) => void,
  options: MappingOptions,
): MappingOptions {
  const { invoke, sendToFailureDestination: send, settings } = options;
  const destinationArn = settings.destinationConfig.onFailure?.destinationArn ?? "";
  const reports = settings.functionResponseTypes.includes("ReportBatchItemFailures");
  return {
    ...options,
    async invoke(event, signal) {
      const invocation = await invoke(event, signal);
      const reason = failureIn(invocation, reports);
      const records = event.Records.length;
      if (reason !== undefined) tell({ kind: "failed batch", functionName, records, reason });
      return invocation;
    },
    ...(send && {
      async sendToFailureDestination(message, event) {
        await send(message, event);
        tell({ kind: "failure message", functionName, destinationArn, message });
      },
    }),
  };
}

function failureIn({ functionError, payload }: Invocation, reports: boolean): string | undefined {
  if (functionError !== null) {
    const { errorType, errorMessage } = (payload ?? {}) as { errorType?: string; errorMessage?: string };
    return `${errorType}: ${errorMessage}`;
  }
  const failures = reports && isObject(payload) ? payload.batchItemFailures : undefined;
  return Array.isArray(failures) && failures.length > 0 ? `it answered with ${failures.length} failures` : undefined;
}
