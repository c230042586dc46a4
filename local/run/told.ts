import { counted } from "../../terminal/text.ts";
import type { Happening } from "../engine/happening.ts";

/** A line about what happened, which begins with the function's name. */
export function told(happening: Happening): string {
  return `${happening.functionName}: ${said(happening)}`;
}

function said(happening: Happening): string {
  if (happening.kind === "log") return happening.line;
  if (happening.kind === "failed batch") {
    return `a batch of ${counted(happening.records, "record")} failed: ${happening.reason}`;
  }
  const { destinationArn, message } = happening;
  const { condition, approximateInvokeCount } = message.requestContext;
  const { batchSize, shardId, startSequenceNumber, endSequenceNumber } = message.DDBStreamBatchInfo;
  return [
    `gave up ${counted(batchSize, "record")} after ${counted(approximateInvokeCount, "attempt")} (${condition}):`,
    `${startSequenceNumber} to ${endSequenceNumber} of ${shardId}.`,
    `The failure message is in ${destinationArn}`,
  ].join(" ");
}
