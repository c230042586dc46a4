import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AdoptedTable, Key } from "./settings/existing-table.ts";
import type { NewTable, StreamViewType, Writes } from "./settings/source.ts";

/** The table whose changes are fanned out, with its stream. */
export interface Source {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  /** What the stream's records carry besides the key. */
  readonly view: StreamViewType;
  readonly hashKey: Key;
  readonly rangeKey?: Key;
  /** The attribute that says when an item expires, if time to live is on. */
  readonly ttlAttribute?: string;
  /** Where writes may come from, if that is known. */
  readonly writes?: Writes;
  /** The KMS key that readers of the stream are allowed to decrypt with, if DynamoDB does not own it. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** Makes the source's table with its stream on. */
export function createSource(name: string, table: NewTable, opts: pulumi.CustomResourceOptions): Source {
  const made = new aws.dynamodb.Table(
    name,
    {
      ...(table.name === undefined ? {} : { name: table.name }),
      ...keySchema(table.hashKey, table.rangeKey),
      billingMode: table.billingMode,
      ...(table.readCapacity === undefined ? {} : { readCapacity: table.readCapacity }),
      ...(table.writeCapacity === undefined ? {} : { writeCapacity: table.writeCapacity }),
      streamEnabled: true,
      streamViewType: table.streamViewType,
      pointInTimeRecovery: { enabled: table.pointInTimeRecovery },
      deletionProtectionEnabled: table.deletionProtection,
      serverSideEncryption: encryption(table.encryptionKey),
      ...(table.ttlAttribute === undefined ? {} : { ttl: { attributeName: table.ttlAttribute, enabled: true } }),
    },
    opts,
  );
  return {
    tableName: made.name,
    tableArn: made.arn,
    streamArn: made.streamArn,
    view: table.streamViewType,
    hashKey: table.hashKey,
    ...(table.rangeKey === undefined ? {} : { rangeKey: table.rangeKey }),
    ...(table.ttlAttribute === undefined ? {} : { ttlAttribute: table.ttlAttribute }),
    ...(table.writes === undefined ? {} : { writes: table.writes }),
    ...(table.encryptionKey === undefined ? {} : { kmsKeyArn: table.encryptionKey }),
  };
}

/** Takes a table that exists as the source; nothing is made and nothing is changed. */
export function adoptSource(table: AdoptedTable, writes: Writes | undefined): Source {
  return {
    ...table,
    ...(writes === undefined ? {} : { writes }),
    tableName: pulumi.output(table.tableName),
    tableArn: pulumi.output(table.tableArn),
    streamArn: pulumi.output(table.streamArn),
  };
}

/** The key of a table, as a table's arguments. */
export function keySchema(hashKey: Key, rangeKey: Key | undefined) {
  const attributes = [hashKey, ...(rangeKey === undefined ? [] : [rangeKey])];
  return {
    attributes: attributes.map(({ name, type }) => ({ name, type })),
    hashKey: hashKey.name,
    ...(rangeKey === undefined ? {} : { rangeKey: rangeKey.name }),
  };
}

/**
 * Encryption of a table with a KMS key: the given one, or `aws/dynamodb`, which AWS manages in the account. DynamoDB's own
 * key would cost nothing, but its use could not be audited, and the stack would not show that the table is encrypted.
 */
export function encryption(key: string | undefined) {
  return { enabled: true, ...(key === undefined ? {} : { kmsKeyArn: key }) };
}
