import { expect } from "chai";
import { compilePattern } from "../../../../../infra/filters/pattern.ts";
import { RecordedAws } from "../support/recorded.ts";

// Recorded on AWS by the tests of localstack/localstack, at 8b9a79f0, in
// tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_dynamodbstreams.{py,snapshot.json}, here by
// their names. R1: mappings; R2: answers that report failed items. Masked there are ids, ARNs and times.

describe("recorded on AWS", () => {
  let aws: RecordedAws;
  before(async () => {
    aws = await RecordedAws.start();
  });
  after(() => aws?.stop());

  describe("R1 test_dynamodb_event_filter", () => {
    const id = (S: string) => ({ id: { S } });
    const image = (NewImage: unknown) => ({ dynamodb: { NewImage } });
    type Item = Record<string, { S: string } | { N: string }>;
    const table: [string, [Item, Item], unknown, { event: string; image: Item; size: number }[]][] = [
      [
        "insert_same_entry_twice",
        [
          { ...id("id_value"), id2: { S: "id2_value" } },
          { ...id("id_value"), id2: { S: "id2_value" } },
        ],
        { eventName: ["INSERT"] },
        [{ event: "INSERT", image: { ...id("id_value"), id2: { S: "id2_value" } }, size: 32 }],
      ],
      [
        "content_or_filter",
        [id("id_value"), { ...id("id_value"), id2: { S: "id2_new_value" } }],
        { eventName: ["INSERT", "MODIFY"] },
        [
          { event: "INSERT", image: id("id_value"), size: 20 },
          { event: "MODIFY", image: { ...id("id_value"), id2: { S: "id2_new_value" } }, size: 46 },
        ],
      ],
      [
        "content_filter_type",
        [{ ...id("id_value_1"), presentKey: { S: "presentValue" } }, id("id_value_2")],
        image({ presentKey: { S: ["presentValue"] } }),
        [{ event: "INSERT", image: { ...id("id_value_1"), presentKey: { S: "presentValue" } }, size: 46 }],
      ],
      [
        "exists_filter_type",
        [{ ...id("id_value_1"), presentKey: { S: "presentValue" } }, id("id_value_2")],
        image({ presentKey: { S: [{ exists: true }] } }),
        [{ event: "INSERT", image: { ...id("id_value_1"), presentKey: { S: "presentValue" } }, size: 46 }],
      ],
      [
        "exists_false_filter",
        [id("id_value_1"), { ...id("id_value_2"), presentKey: { S: "presentValue" } }],
        image({ presentKey: [{ exists: false }] }),
        [
          { event: "INSERT", image: id("id_value_1"), size: 24 },
          { event: "INSERT", image: { ...id("id_value_2"), presentKey: { S: "presentValue" } }, size: 46 },
        ],
      ],
      [
        "numeric_filter",
        [
          { ...id("id_value_1"), numericFilter: { N: "42" } },
          { ...id("id_value_2"), numericFilter: { N: "101" } },
        ],
        image({ numericFilter: { N: [{ numeric: [">", 100] }, { "anything-but": "101" }] } }),
        [{ event: "INSERT", image: { ...id("id_value_1"), numericFilter: { N: "42" } }, size: 39 }],
      ],
      [
        "prefix_filter",
        [
          { ...id("id_value_1"), prefix: { S: "us-1-other-suffix" } },
          { ...id("id_value_1"), prefix: { S: "other-suffix" } },
        ],
        image({ prefix: { S: [{ prefix: "us-1" }] } }),
        [{ event: "INSERT", image: { ...id("id_value_1"), prefix: { S: "us-1-other-suffix" } }, size: 47 }],
      ],
      [
        "date_time_conversion",
        [id("id_value_1"), id("id_value_2")],
        { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">", 0] }] } },
        [
          { event: "INSERT", image: id("id_value_1"), size: 24 },
          { event: "INSERT", image: id("id_value_2"), size: 24 },
        ],
      ],
    ];
    // Recorded in 2024 with one invocation, for the INSERT; marked as broken, and not recorded again, in 2025.
    it("content_multiple_filters: refused here, as its recording is in doubt", () => {
      const pattern = '{"eventName":["INSERT"],"eventSource":["aws:dynamodb"]}';
      expect(() => compilePattern(pattern)).to.throw('"eventSource" cannot be filtered on');
    });

    for (const [name, items, filter, expected] of table) {
      it(name, async () => {
        const source = await aws.newTable("id", "NEW_AND_OLD_IMAGES");
        for (const item of items) await source.put(item);
        const filterCriteria = { filters: [{ pattern: JSON.stringify(filter) }] };
        const events = await aws.run(source.streamArn, { batchSize: 1, filterCriteria }, () => null);
        const seen = events.flatMap(({ Records }) =>
          Records.map(({ eventName, dynamodb }) => ({
            event: eventName,
            image: dynamodb!.NewImage,
            size: dynamodb!.SizeBytes,
          })),
        );
        expect(seen).to.deep.equal(expected);
      });
    }
  });
});
