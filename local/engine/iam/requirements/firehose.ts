import { arn } from "../../aws.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import { jsonBody, type Requirements, text } from "./requirements.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html */
export const firehose: Requirements = {
  DescribeDeliveryStream: onStream,
  ListDeliveryStreams: () => [{ action: "firehose:ListDeliveryStreams", resource: "*" }],
  PutRecord: onStream,
  PutRecordBatch: onStream,
};

/** A stream is known by its name alone: its ARN in place of the name is refused, as on AWS. */
function onStream(call: ServiceCall): readonly Right[] {
  const name = text(jsonBody(call).DeliveryStreamName);
  return [{ action: `firehose:${call.operation}`, resource: arn("firehose", call.region, `deliverystream/${name}`) }];
}
