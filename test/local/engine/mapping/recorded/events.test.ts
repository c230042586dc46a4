import { expect } from "chai";
import type { Checkpoints } from "../../../../../local/engine/mapping/checkpoint.ts";
import { RecordedAws, region } from "../support/recorded.ts";

// Recorded on AWS by the tests of localstack/localstack, at 8b9a79f0, in
// tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_dynamodbstreams.{py,snapshot.json}, here by
// their names. R1: mappings; R2: answers that report failed items. Masked there are ids, ARNs and times.

const key = "my_partition_key";
const helloWorld = { [key]: { S: "hello world" } };

describe("recorded on AWS", () => {
  let aws: RecordedAws;
  before(async () => {
    aws = await RecordedAws.start();
  });
  after(() => aws?.stop());

  describe("R1 test_dynamodb_event_source_mapping", () => {
    it("the event", async () => {
      const table = await aws.newTable(key, "NEW_IMAGE");
      await table.put({ ...helloWorld, binary_key: { B: Buffer.from("foobar") } });
      const events = await aws.run(table.streamArn, { batchSize: 1 }, () => null);
      const [{ eventID, dynamodb } = {}] = events[0]!.Records;
      const { ApproximateCreationDateTime, SequenceNumber } = dynamodb!;
      expect(eventID).to.match(/^[0-9a-f]{32}$/);
      expect(ApproximateCreationDateTime).to.satisfy(Number.isInteger);
      expect(SequenceNumber).to.match(/^\d{21,40}$/);
      expect(JSON.stringify(events)).to.equal(
        JSON.stringify([
          {
            Records: [
              {
                eventID,
                eventName: "INSERT",
                eventVersion: "1.1",
                eventSource: "aws:dynamodb",
                awsRegion: region,
                dynamodb: {
                  ApproximateCreationDateTime,
                  Keys: { [key]: { S: "hello world" } },
                  NewImage: dynamodb!.NewImage,
                  SequenceNumber,
                  SizeBytes: 70,
                  StreamViewType: "NEW_IMAGE",
                },
                eventSourceARN: table.streamArn,
              },
            ],
          },
        ]),
      );
      expect(dynamodb!.NewImage).to.deep.equal({ binary_key: { B: "Zm9vYmFy" }, [key]: { S: "hello world" } });
    });
  });

  describe("R1 test_disabled_dynamodb_event_source_mapping", () => {
    it("a disabled mapping delivers nothing more; it keeps its place", async () => {
      const table = await aws.newTable("id", "NEW_IMAGE");
      const checkpoints: Checkpoints = new Map();
      const run = (enabled: boolean) => aws.run(table.streamArn, { enabled }, () => null, { checkpoints });
      await table.put({ id: { S: "first" } });
      expect(await run(true)).to.have.length(1);
      await table.put({ id: { S: "second" } });
      expect(await run(false)).to.deep.equal([]);
      const [event] = await run(true);
      expect(event?.Records.map(({ dynamodb }) => dynamodb?.Keys?.id?.S)).to.deep.equal(["second"]);
    });
  });
});
