import { longestString } from "../../handlers/kinds/redshift/refusal.ts";
import type { LocalKind } from "../kind.ts";

/** https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html */
const awsDefaultRpu = 128;

/** A warehouse, which PostgreSQL stands in for. */
export const redshift: LocalKind = {
  mend: {
    isNeeded: ({ maxStringBytes }, stringBytes) =>
      (typeof maxStringBytes === "number" ? maxStringBytes : longestString) < stringBytes,
    what: "`enable_large_strings_opt_in` switched on and `maxStringBytes` raised",
    // The parameter of the warehouse, and the setting that says so.
    apply(engine, settings) {
      engine.redshift!.largeStrings = true;
      return { ...settings, maxStringBytes: 16_000_000 };
    },
  },
  soak: {
    settings: { bufferingInterval: 60, mapping: { batchSize: 1_000, maximumRetryAttempts: 3 } },
    faults: [
      { service: "redshift", operation: "Copy", fault: "unavailable", probability: 0.1 },
      { service: "redshift", operation: "Copy", fault: "unavailable", probability: 0.1, afterEffect: true },
      { service: "redshift", operation: "Copy", fault: "repeat", probability: 0.1 },
    ],
    // Without the checkpoint the write-ahead log, which is in memory too, would grow on.
    empty: ({ redshift }, { changeLog }) => redshift!.execute(`TRUNCATE ${changeLog}; CHECKPOINT`),
  },
  /** Only a warehouse of Redshift Serverless bills by time, and only one that the program made is known. */
  loading({ firehose, workgroups }, { deliveryStreamName }) {
    if (firehose === undefined || typeof deliveryStreamName !== "string") return undefined;
    const { clusterJdbcurl, s3Configuration } = firehose.inputs(deliveryStreamName).redshiftConfiguration;
    const workgroup = workgroups.get(/\/\/([^:/]+)/.exec(clusterJdbcurl)?.[1] ?? "");
    if (workgroup === undefined) return undefined;
    return { rpu: workgroup.baseCapacity ?? awsDefaultRpu, interval: s3Configuration.bufferingInterval };
  },
};
