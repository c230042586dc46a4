import { type Input, invalid, ServiceError } from "./protocol.ts";

/** The limits of Direct PUT: https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const limits = {
  /** Records in a call. */
  records: 500,
  /** Bytes in a call, before base64. */
  callBytes: 4 * 1024 * 1024,
  /** Bytes in a record, before base64. */
  recordBytes: 1_024_000,
} as const;

/** Each record is billed as a multiple of so many bytes. */
const billedUnit = 5 * 1024;

/** How many steps of 5 KB a record is billed as; an empty record as none. */
export function billedUnits(record: Buffer): number {
  return Math.ceil(record.length / billedUnit);
}

/** The records of a PutRecordBatch, checked as the service's model checks them. */
export function batchRecords(input: Input): Buffer[] {
  const { Records: records } = input;
  if (records === undefined || records === null) throw invalid("records", "null", "not be null");
  if (!Array.isArray(records)) throw new ServiceError("SerializationException", "Records must be a list");
  if (records.length === 0) throw invalid("records", "'[]'", "have length greater than or equal to 1");
  if (records.length > limits.records) {
    throw invalid("records", `'[${records.length} records]'`, `have length less than or equal to ${limits.records}`);
  }
  const data = records.map((record, index) => recordData(record, `records.${index + 1}.member`));
  if (data.reduce((sum, { length }) => sum + length, 0) > limits.callBytes) {
    throw new ServiceError("InvalidArgumentException", "Records size exceeds 4 MB limit");
  }
  return data;
}

/** The bytes of one record. */
export function recordData(record: unknown, where: string): Buffer {
  if (record === undefined || record === null) throw invalid(where, "null", "not be null");
  const { Data: data } = record as { Data?: unknown };
  const path = where === "record" ? "record.data" : `${where}.data`;
  if (data === undefined || data === null) throw invalid(path, "null", "not be null");
  if (typeof data !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) {
    throw new ServiceError("SerializationException", `${path} is not base64`);
  }
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > limits.recordBytes) {
    const shown = `'java.nio.HeapByteBuffer[pos=0 lim=${bytes.length} cap=${bytes.length}]'`;
    throw invalid(path, shown, `have length less than or equal to ${limits.recordBytes}`);
  }
  return bytes;
}
