import { setTimeout } from "node:timers/promises";
import type { CopyEvent, CopyFault } from "../firehose/faults.ts";
import { delayed, type Fault, type FaultHook } from "../gateway/fault.ts";
import { copyCall } from "../gateway/invoke.ts";
import type { Principal } from "../gateway/service-call.ts";

/** Asks for faults of the COPYs that Firehose issues, as if each were a call that the delivery stream makes. */
export function copyFaults(
  hook: FaultHook | undefined,
  region: string,
  deliveryStreams: ReadonlyMap<string, Principal>,
) {
  return async ({ stream }: CopyEvent): Promise<CopyFault | undefined> => {
    const principal = deliveryStreams.get(stream) ?? { kind: "firehose", name: stream };
    const { milliseconds, fault } = delayed(hook?.(copyCall(principal, region)));
    if (milliseconds > 0) await setTimeout(milliseconds);
    return copyFault(fault);
  };
}

function copyFault(fault: Fault | undefined): CopyFault | undefined {
  switch (fault?.kind) {
    case "repeat":
      return "repeat";
    case "error":
    case "reset":
    case "silence": // Firehose gives up at some time, and learns as little
      return fault.effect ? "forget" : "refuse";
  }
  return undefined;
}
