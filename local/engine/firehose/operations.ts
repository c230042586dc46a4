import { randomBytes } from "node:crypto";
import type { DeliveryStream } from "./delivery-stream.ts";
import { describe } from "./describe.ts";
import { type Faults, failedEntry, type RecordFault, recordFailure } from "./faults.ts";
import { type Input, invalid, type Operation } from "./protocol.ts";
import { batchRecords, recordData } from "./records.ts";

/** A delivery stream, and when it was made, in milliseconds since the epoch. */
export interface Made {
  readonly stream: DeliveryStream;
  readonly created: number;
}

/**
 * The operations that the stand-in knows, by their names.
 * @param find gives a stream by its name; throws if there is none
 */
export function operations(find: (name: string) => Made, faults: Faults): Readonly<Record<string, Operation>> {
  return {
    PutRecordBatch(input) {
      const name = streamName(input);
      const records = batchRecords(input);
      const { stream } = find(name);
      // All faults are decided before any record is taken: one that throws fails the whole call.
      const found = records.map((data, index) => faults.record?.({ stream: name, index, data }));
      const responses = records.map((data, index) => take(stream, data, found[index]));
      stream.stats.calls += 1;
      return {
        FailedPutCount: found.filter(Boolean).length,
        Encrypted: encrypted(stream),
        RequestResponses: responses,
      };
    },
    PutRecord(input) {
      const name = streamName(input);
      const data = recordData(input.Record, "record");
      const { stream } = find(name);
      const fault = faults.record?.({ stream: name, index: 0, data });
      const taken = take(stream, data, fault);
      if (fault) throw recordFailure(fault);
      stream.stats.calls += 1;
      return { ...taken, Encrypted: encrypted(stream) };
    },
    DescribeDeliveryStream(input) {
      const { stream, created } = find(streamName(input));
      return describe(stream.inputs, stream.arn, created);
    },
  };
}

/** Puts a record into its stream unless a fault prevents it; returns the record's part of the answer. */
function take(stream: DeliveryStream, data: Buffer, fault: RecordFault | undefined) {
  if (fault === undefined || fault.taken) stream.put(data);
  if (fault === undefined) return { RecordId: randomBytes(96).toString("base64url") };
  stream.stats.failedEntries += 1;
  return failedEntry(fault);
}

function encrypted({ inputs }: DeliveryStream): boolean {
  return inputs.serverSideEncryption?.enabled === true;
}

function streamName({ DeliveryStreamName: name }: Input): string {
  if (name === undefined || name === null) throw invalid("deliveryStreamName", "null", "not be null");
  if (typeof name === "string" && /^[a-zA-Z0-9_.-]{1,64}$/.test(name)) return name;
  throw invalid("deliveryStreamName", `'${name}'`, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
}
