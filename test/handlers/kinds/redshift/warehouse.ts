import type { Deliver } from "../../../../handlers/core/contract.ts";
import { connect, type Settings } from "../../../../handlers/kinds/redshift.ts";
import { type ClaimStore, startClaimStore } from "../../../support/claim-store.ts";
import { type Fault, type Faults, startFaults } from "../../../support/faults.ts";
import { type FirehoseEndpoint, startFirehoseEndpoint } from "../../../support/firehose-endpoint.ts";
import { withEnvironment } from "../../environment.ts";

// biome-ignore lint/suspicious/noExplicitAny: what a test expects of a row is its own matter
export type Row = any;

/** Firehose and S3, with faults on the way to both. */
export interface Warehouse {
  readonly firehose: FirehoseEndpoint;
  readonly faults: Faults;
  readonly store: ClaimStore;
  /** A destination with a stream that exists, and with the bucket if there is none of its own. */
  connect(settings?: Partial<Settings>): Deliver;
  /** A destination that has no bucket. */
  connectWithoutClaims(settings?: Partial<Settings>): Deliver;
  /** Lets something go wrong on the way to both services. */
  fault(fault: Fault): void;
  /** All rows so far, parsed, in order of arrival. */
  rows(): Row[];
  /** Forgets what has arrived, and ends what goes wrong. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts both; handlers find them through the environment until they are stopped. */
export async function startWarehouse(seed: number): Promise<Warehouse> {
  const firehose = await startFirehoseEndpoint();
  const faults = await startFaults(firehose.endpoint, seed);
  const store = await startClaimStore(seed + 10);
  const restore = withEnvironment({ AWS_ENDPOINT_URL_FIREHOSE: faults.endpoint, AWS_ENDPOINT_URL_S3: store.endpoint });
  const usual = { deliveryStreamName: "films", images: "typed" } as const;
  const fault = (one: Fault) => {
    faults.set(one);
    store.faults.set(one);
  };
  return {
    firehose,
    faults,
    store,
    connect: (settings = {}) => connect({ ...usual, claims: store.claims, ...settings }),
    connectWithoutClaims: (settings = {}) => connect({ ...usual, ...settings }),
    fault,
    rows: () =>
      Buffer.concat(firehose.records)
        .toString()
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    reset() {
      firehose.records.length = 0;
      firehose.calls = 0;
      firehose.refuses = undefined;
      fault({ kind: "none" });
    },
    async stop() {
      restore();
      await store.stop();
      await faults.stop();
      await firehose.stop();
    },
  };
}
