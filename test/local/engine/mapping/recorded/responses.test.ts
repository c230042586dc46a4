import { expect } from "chai";
import { FunctionFailure } from "../support/function.ts";
import { RecordedAws } from "../support/recorded.ts";
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

  describe("R2 test_dynamodb_report_batch_item_failures", () => {
    it("the last of six fails: it is seen five times, and counted four", async () => {
      const table = await aws.newTable(key, "NEW_IMAGE");
      const queue = await aws.newQueue();
      const ids = Array.from({ length: 6 }, (_, index) => `testId${index}`);
      for (const [index, id] of ids.entries()) {
        await table.put({ [key]: { S: id }, should_fail: { BOOL: index === 5 } });
      }
      const events = await aws.run(
        table.streamArn,
        {
          batchSize: 3,
          maximumBatchingWindowInSeconds: 1,
          maximumRetryAttempts: 3,
          functionResponseTypes: ["ReportBatchItemFailures"],
          destinationConfig: { onFailure: { destinationArn: queue.arn } },
        },
        ({ Records }) => {
          const failed = Records.filter(({ dynamodb }) => dynamodb?.NewImage?.should_fail?.BOOL);
          return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb?.SequenceNumber })) };
        },
      );
      const seen = events.map(({ Records }) => Records.map(({ dynamodb }) => dynamodb?.Keys?.[key]?.S));
      const [last] = ids.slice(5);
      expect(seen).to.deep.equal([ids.slice(0, 3), ids.slice(3), [last], [last], [last], [last]]);
      expect(events[0]!.Records.map(({ dynamodb }) => dynamodb?.SizeBytes)).to.deep.equal([58, 58, 58]);
      const bodies = await queue.bodies();
      expect(bodies).to.have.length(1);
      expectMessage(JSON.stringify(bodies[0]), events[5]!, { count: 4, requestId: "request-6", functionError: null });
    });
  });

  describe("R2 test_dynamodb_report_batch_item_failure_scenarios", () => {
    const answers: [string, () => unknown, string | null][] = [
      ["item_identifier_not_present_failure", () => ({ batchItemFailures: [{ itemIdentifier: 123 }] }), null],
      ["empty_string_item_identifier_failure", () => ({ batchItemFailures: [{ itemIdentifier: "" }] }), null],
      ["null_item_identifier_failure", () => ({ batchItemFailures: [{ itemIdentifier: null }] }), null],
      ["invalid_key_foo_failure", () => ({ batchItemFailures: [{ foo: 123 }] }), null],
      ["invalid_key_foo_null_value_failure", () => ({ batchItemFailures: [{ foo: null }] }), null],
      ["unhandled_exception_in_function", unhandled, "Unhandled"],
    ];
    for (const [name, answer, functionError] of answers) {
      it(name, async () => {
        const table = await aws.newTable(key, "NEW_IMAGE");
        const queue = await aws.newQueue();
        await table.put({ ...helloWorld, binary_key: { B: Buffer.from("foobar") } });
        const events = await aws.run(
          table.streamArn,
          {
            batchSize: 3,
            maximumBatchingWindowInSeconds: 1,
            maximumRetryAttempts: 3,
            functionResponseTypes: ["ReportBatchItemFailures"],
            destinationConfig: { onFailure: { destinationArn: queue.arn } },
          },
          answer,
        );
        expect(events).to.have.length(4);
        expect(new Set(events.map((event) => JSON.stringify(event))).size).to.equal(1);
        const bodies = await queue.bodies();
        expect(bodies).to.have.length(1);
        expectMessage(JSON.stringify(bodies[0]), events[0]!, { count: 4, requestId: "request-4", functionError });
      });
    }
  });

  describe("R2 test_dynamodb_report_batch_item_success_scenarios", () => {
    const answers: [string, unknown][] = [
      ["empty_list_success", []],
      ["null_success", null],
      ["empty_dict_success", {}],
      ["empty_batch_item_failure_success", { batchItemFailures: [] }],
      ["null_batch_item_failure_success", { batchItemFailures: null }],
      ["empty_string_success (R3, Kinesis)", ""],
    ];
    for (const [name, answer] of answers) {
      it(name, async () => {
        const table = await aws.newTable(key, "NEW_IMAGE");
        await table.put({ ...helloWorld, binary_key: { B: Buffer.from("foobar") } });
        const events = await aws.run(
          table.streamArn,
          { batchSize: 1, maximumRetryAttempts: 2, functionResponseTypes: ["ReportBatchItemFailures"] },
          () => answer,
        );
        expect(events).to.have.length(1);
        expect(events[0]!.Records[0]!.dynamodb).to.include({ SizeBytes: 70 });
      });
    }
  });
});
