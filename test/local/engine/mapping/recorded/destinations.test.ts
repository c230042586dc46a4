import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { FunctionFailure } from "../support/function.ts";
import { mappingId, RecordedAws } from "../support/recorded.ts";
import { expectMessage } from "../support/recorded-message.ts";

// Recorded on AWS by the tests of localstack/localstack, at 8b9a79f0, in
// tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_dynamodbstreams.{py,snapshot.json}, here by
// their names. R1: mappings; R2: answers that report failed items. Masked there are ids, ARNs and times.

const key = "my_partition_key";
const helloWorld = { [key]: { S: "hello world" } };
const unhandled = () => {
  throw new FunctionFailure("some error occurred");
};

describe("recorded on AWS", () => {
  let aws: RecordedAws;
  before(async () => {
    aws = await RecordedAws.start();
  });
  after(() => aws?.stop());

  describe("R1 on-failure destinations, of a batch of one with one retry", () => {
    const inputs = (destinationArn: string) => ({
      batchSize: 1,
      maximumBatchingWindowInSeconds: 1,
      maximumRetryAttempts: 1,
      destinationConfig: { onFailure: { destinationArn } },
    });
    const expected = { count: 2, requestId: "request-2", functionError: "Unhandled" };

    it("test_dynamodb_event_source_mapping_with_on_failure_destination_config: a queue", async () => {
      const table = await aws.newTable(key, "NEW_IMAGE");
      const queue = await aws.newQueue();
      await table.put(helloWorld);
      const events = await aws.run(table.streamArn, inputs(queue.arn), unhandled);
      expect(events).to.have.length(2);
      const bodies = await queue.bodies();
      expect(bodies).to.have.length(1);
      expectMessage(JSON.stringify(bodies[0]), events[0]!, expected);
    });

    it("test_dynamodb_event_source_mapping_with_sns_on_failure_destination_config: a topic", async () => {
      const table = await aws.newTable(key, "NEW_IMAGE");
      const queue = await aws.newQueue();
      const { TopicArn } = await aws.clients.sns.send(new CreateTopicCommand({ Name: "recorded" }));
      await aws.clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
      await table.put(helloWorld);
      const events = await aws.run(table.streamArn, inputs(TopicArn!), unhandled);
      const [notification, ...more] = await queue.bodies();
      expect(more).to.deep.equal([]);
      expect(Object.keys(notification).toSorted()).to.deep.equal([
        "Message",
        "MessageId",
        "Signature",
        "SignatureVersion",
        "SigningCertURL",
        "Timestamp",
        "TopicArn",
        "Type",
        "UnsubscribeURL",
      ]);
      expect(notification).to.include({ Type: "Notification", TopicArn });
      expectMessage(notification.Message, events[0]!, expected);
    });

    it("test_dynamodb_event_source_mapping_with_s3_on_failure_destination: a bucket", async () => {
      const Bucket = "recorded";
      const table = await aws.newTable(key, "NEW_IMAGE");
      await aws.clients.s3.send(new CreateBucketCommand({ Bucket }));
      await table.put(helloWorld);
      const events = await aws.run(table.streamArn, inputs(`arn:aws:s3:::${Bucket}`), unhandled);
      const { Contents = [] } = await aws.clients.s3.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents).to.have.length(1);
      const { Key } = Contents[0]!;
      const { Body } = await aws.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      const { payload, ...message } = JSON.parse(await Body!.transformToString());
      expectMessage(JSON.stringify(message), events[0]!, expected);
      expect(payload).to.equal(JSON.stringify(events[0]));
      expect(events[0]!.Records[0]!.dynamodb).to.include({ SizeBytes: 54 });
      const day = message.timestamp.slice(0, 10).replaceAll("-", "/");
      const time = message.timestamp.slice(0, 19).replaceAll(":", ".");
      const { shardId } = message.DDBStreamBatchInfo;
      expect(Key).to.match(new RegExp(`^aws/lambda/${mappingId}/${shardId}/${day}/${time}-[0-9a-f-]{36}$`));
    });
  });
});
