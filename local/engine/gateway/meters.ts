import { sumOfUnits, type Units } from "../cost/units.ts";
import type { Principal, ServiceCall } from "./service-call.ts";

/** What one caller asked of one operation so far. */
export interface Meter {
  readonly caller: Principal;
  readonly service: string;
  readonly operation: string;
  /** Calls, whatever became of them. */
  calls: number;
  /** Calls that were answered with an error. */
  errors: number;
  /** What the last call was answered with, if that was an error: its code, and its message. */
  lastError: string | undefined;
  /** Calls that a fault changed. */
  faults: number;
  /** Bytes of the requests' bodies. */
  requestBytes: number;
  /** Bytes of the responses' bodies. */
  responseBytes: number;
  /** What AWS would have billed of the calls. */
  units: Units;
}

/** What became of a call. */
interface MeteredOutcome {
  /** Zero if there was no answer. */
  readonly status: number;
  readonly bytes: number;
  readonly fault: boolean;
  readonly units: Units;
  /** What it was answered with, if that was an error. */
  readonly error: string | undefined;
}

/** Counts calls by caller, service and operation. */
export class Meters {
  readonly #meters = new Map<string, Meter>();

  count(call: ServiceCall, outcome: MeteredOutcome): void {
    const { principal, service, operation } = call;
    const key = [principal.kind, principal.name, service, operation].join("\n");
    const meter = this.#meters.get(key) ?? {
      caller: principal,
      service,
      operation,
      calls: 0,
      errors: 0,
      lastError: undefined,
      faults: 0,
      requestBytes: 0,
      responseBytes: 0,
      units: {},
    };
    this.#meters.set(key, meter);
    meter.calls += 1;
    if (outcome.status >= 400) meter.errors += 1;
    meter.lastError = outcome.error;
    if (outcome.fault) meter.faults += 1;
    meter.requestBytes += call.body.length;
    meter.responseBytes += outcome.bytes;
    meter.units = sumOfUnits(meter.units, outcome.units);
  }

  /** All meters, in the order in which they began to count. */
  all(): readonly Readonly<Meter>[] {
    return [...this.#meters.values()];
  }
}
