import { createHash } from "node:crypto";

/** As SQS's JSON has them. */
export type MessageAttributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
>;

/**
 * The MD5 digest by which clients check a message's attributes: of the names in order, each with its type and its value.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function attributesDigest(attributes: MessageAttributes): string {
  const hash = createHash("md5");
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue = "", BinaryValue } = attributes[name]!;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    const isBinary = DataType.startsWith("Binary");
    hash.update(Buffer.of(isBinary ? 2 : 1));
    add(isBinary ? Buffer.from(BinaryValue ?? "", "base64") : Buffer.from(StringValue));
  }
  return hash.digest("hex");
}
