import { arn } from "../../aws.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import type { Requirements } from "./requirements.ts";

/** A batch needs the same as one message. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: Requirements = {
  CreateTopic: (call) => [
    { action: "sns:CreateTopic", resource: arn("sns", call.region, parameters(call).get("Name") ?? "") },
  ],
  GetTopicAttributes: on("GetTopicAttributes"),
  ListSubscriptionsByTopic: on("ListSubscriptionsByTopic"),
  ListTopics: () => [{ action: "sns:ListTopics", resource: "*" }],
  Publish: on("Publish"),
  PublishBatch: on("Publish"),
  Subscribe: on("Subscribe"),
};

function on(action: string) {
  return (call: ServiceCall): readonly Right[] => {
    const given = parameters(call);
    // A text message to a telephone has no topic, and its number takes the place of one.
    const resource = given.get("TopicArn") ?? given.get("TargetArn") ?? given.get("PhoneNumber") ?? "";
    return [{ action: `sns:${action}`, resource }];
  };
}

function parameters({ body }: ServiceCall): URLSearchParams {
  return new URLSearchParams(body.toString("utf8"));
}
