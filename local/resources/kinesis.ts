import type * as aws from "@pulumi/aws";
import { accept, type LocalResource } from "../resource.ts";
import { physicalName } from "./naming.ts";

/** A delivery stream of the Firehose stand-in. */
export const firehoseDeliveryStream: LocalResource = {
  async create(registration, world) {
    accept<aws.kinesis.FirehoseDeliveryStreamArgs>(registration, {
      used: ["name", "destination", "redshiftConfiguration"],
      withoutMeaning: ["serverSideEncryption", "tags"],
    });
    const name = physicalName(registration, { limit: 64 });
    const { firehose } = await world.firehose.get();
    const { arn } = firehose.createDeliveryStream({ ...registration.inputs, name, region: registration.region });
    return { id: arn, outputs: { name, arn, destinationId: "destinationId-000000000001", versionId: "1" } };
  },
};
