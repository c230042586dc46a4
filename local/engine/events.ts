import { isObject } from "../../infra/is-object.ts";
import type { Invocation } from "./invocation.ts";
import type { FailureRecord } from "./mapping/give-up.ts";
import type { MappingOptions } from "./mapping/options.ts";

/** What happens in a program that runs. */
export type EngineEvent =
  /** A function printed a line. */
  | { readonly kind: "log"; readonly functionName: string; readonly line: string }
  /** An invocation of a mapping failed, or answered with failures. */
  | {
      readonly kind: "failed batch";
      readonly functionName: string;
      /** Records in the batch. */
      readonly records: number;
      readonly reason: string;
    }
  /** A mapping's on-failure destination got a message about records that are given up. */
  | {
      readonly kind: "failure message";
      readonly functionName: string;
      readonly destinationArn: string;
      readonly message: FailureRecord;
    };

/** A mapping's options, changed so that each failed batch and each failure message is reported to `onEvent`. */
export function withEvents(
  functionName: string,
  onEvent: (event: EngineEvent) => void,
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
      if (reason !== undefined) onEvent({ kind: "failed batch", functionName, records, reason });
      return invocation;
    },
    ...(send && {
      async sendToFailureDestination(message, event) {
        await send(message, event);
        onEvent({ kind: "failure message", functionName, destinationArn, message });
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
