import { account } from "../../aws.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import { jsonBody, type Requirements, text } from "./requirements.ts";

/** A batch needs the same as one message. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqs: Requirements = {
  ChangeMessageVisibility: on("ChangeMessageVisibility"),
  ChangeMessageVisibilityBatch: on("ChangeMessageVisibility"),
  CreateQueue: on("CreateQueue"),
  DeleteMessage: on("DeleteMessage"),
  DeleteMessageBatch: on("DeleteMessage"),
  DeleteQueue: on("DeleteQueue"),
  GetQueueAttributes: on("GetQueueAttributes"),
  GetQueueUrl: on("GetQueueUrl"),
  ListQueues: () => [{ action: "sqs:ListQueues", resource: "*" }],
  PurgeQueue: on("PurgeQueue"),
  ReceiveMessage: on("ReceiveMessage"),
  SendMessage: on("SendMessage"),
  SendMessageBatch: on("SendMessage"),
  SetQueueAttributes: on("SetQueueAttributes"),
};

function on(action: string) {
  return (call: ServiceCall): readonly Right[] => [{ action: `sqs:${action}`, resource: queueArn(call) }];
}

/** Callers name a queue by its URL, `https://.../<account>/<name>`, or by its name. */
function queueArn(call: ServiceCall): string {
  const { QueueUrl, QueueName } = jsonBody(call);
  const [name = "", owner = account] = text(QueueUrl ?? QueueName)
    .split("/")
    .reverse();
  return `arn:aws:sqs:${call.region}:${owner}:${name}`;
}
