import type { DeliveryError } from "./firehose/delivery-report.ts";
import type { FailureRecord } from "./mapping/give-up.ts";
import type { MappingOptions } from "./mapping/options.ts";

/** What happens in a program that runs. */
export type EngineEvent =
  /** A function printed a line. */
  | { readonly kind: "log"; readonly functionName: string; readonly line: string }
  /** An invocation of a mapping failed, or answered with failures. Told once as long as it goes on for the same reason. */
  | {
      readonly kind: "failed batch";
      readonly functionName: string;
      /** Records in the batch; none where it was the last invocation of a tumbling window. */
      readonly records: number;
      readonly reason: string;
    }
  /** A mapping's on-failure destination got a message about records that are given up. */
  | {
      readonly kind: "failure message";
      readonly functionName: string;
      readonly destinationArn: string;
      readonly message: FailureRecord;
    }
  /** Records were given up without a message, because the mapping has no on-failure destination. */
  | { readonly kind: "dropped records"; readonly functionName: string; readonly message: FailureRecord }
  /** A delivery stream could not load what it was given. Told once as long as it goes on for the same reason. */
  | { readonly kind: "failed delivery"; readonly deliveryStream: string; readonly error: DeliveryError };

/** A mapping's options, changed so that what goes wrong with its batches, and what becomes of them, is reported to `onEvent`. */
export function withEvents(
  functionName: string,
  onEvent: (event: EngineEvent) => void,
  options: MappingOptions,
): MappingOptions {
  const { sendToFailureDestination: send, settings } = options;
  const destinationArn = settings.destinationConfig.onFailure?.destinationArn ?? "";
  let told: string | undefined;
  return {
    ...options,
    onAnswer(records, reason) {
      options.onAnswer?.(records, reason);
      if (reason !== undefined && reason !== told) onEvent({ kind: "failed batch", functionName, records, reason });
      told = reason;
    },
    onDrop(message) {
      onEvent({ kind: "dropped records", functionName, message });
    },
    ...(send && {
      async sendToFailureDestination(message, event) {
        await send(message, event);
        onEvent({ kind: "failure message", functionName, destinationArn, message });
      },
    }),
  };
}

/** Reports failed deliveries to `onEvent`, those of one stream that follow each other for the same reason once. */
export function deliveryEvents(onEvent: (event: EngineEvent) => void): (error: DeliveryError) => void {
  const told = new Map<string, string>();
  return (error) => {
    const deliveryStream = error.deliveryStreamARN.slice(error.deliveryStreamARN.lastIndexOf("/") + 1);
    if (told.get(deliveryStream) === error.message) return;
    told.set(deliveryStream, error.message);
    onEvent({ kind: "failed delivery", deliveryStream, error });
  };
}
