import { GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import { expect } from "chai";
import { GatewayFixture } from "./fixture.ts";

describe("the records of streams", () => {
  const fake = new GatewayFixture();

  it("mends the empty maps that DynamoDB Local leaves out of stream records, and nothing else", async () => {
    const { streams } = fake.clients();
    const nested = { L: [{}, { L: [] }, { S: "{}" }, { M: { a: {}, b: { NULL: true } } }] };
    fake.answer = () => ({
      NextShardIterator: "next",
      Records: [
        { awsRegion: "ddblocal", dynamodb: { NewImage: { map: {}, nested }, SequenceNumber: "1" } },
        { awsRegion: "ddblocal", dynamodb: { OldImage: { id: { S: "{}" } }, SequenceNumber: "2" } },
      ],
    });
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator: "i" }));
    expect(Records).to.deep.equal([
      {
        awsRegion: "eu-west-1",
        dynamodb: {
          NewImage: {
            map: { M: {} },
            nested: { L: [{ M: {} }, { L: [] }, { S: "{}" }, { M: { a: { M: {} }, b: { NULL: true } } }] },
          },
          SequenceNumber: "1",
        },
      },
      { awsRegion: "eu-west-1", dynamodb: { OldImage: { id: { S: "{}" } }, SequenceNumber: "2" } },
    ]);
  });

  it("gives stream records event ids like AWS's, and leaves everything that looks like one as it is", async () => {
    const { streams } = fake.clients();
    const uuid = "89048e45-3733-4105-a54b-a499f631d457";
    const image = { eventID: { S: uuid }, text: { S: `"eventID":"${uuid}" é` } };
    fake.answer = () => ({ Records: [{ eventID: uuid, dynamodb: { NewImage: image } }, { eventID: "other" }] });
    const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator: "i" }));
    expect(Records).to.deep.equal([
      { eventID: "89048e4537334105a54ba499f631d457", dynamodb: { NewImage: image } },
      { eventID: "other" },
    ]);
  });
});
