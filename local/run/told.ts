import { counted } from "../../terminal/counted.ts";
import type { EngineEvent } from "../engine/events.ts";

/** A line about what happened, which begins with the function's name. */
export function told(event: EngineEvent): string {
  return `${event.functionName}: ${said(event)}`;
}

function said(event: EngineEvent): string {
  if (event.kind === "log") return event.line;
  if (event.kind === "failed batch") {
    return `a batch of ${counted(event.records, "record")} failed: ${event.reason}`;
  }
  const { destinationArn, message } = event;
  const { condition, approximateInvokeCount } = message.requestContext;
  const { batchSize, shardId, startSequenceNumber, endSequenceNumber } = message.DDBStreamBatchInfo;
  return [
    `gave up ${counted(batchSize, "record")} after ${counted(approximateInvokeCount, "attempt")} (${condition}):`,
    `${startSequenceNumber} to ${endSequenceNumber} of ${shardId}.`,
    `The failure message is in ${destinationArn}`,
  ].join(" ");
}
