import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { isDone, nothingLeft } from "../../../operate/redrive/result.ts";
import type { Progress } from "../../../terminal/progress.ts";
import { FailingStack, impatient } from "./failing-stack.ts";

describe("the messages that a redrive leaves", () => {
  const stack = new FailingStack();

  it("leaves alone what it does not understand, and what the stream has lost, until it is told to discard it", async () => {
    await stack.start({ copy: { kind: "replica", ...impatient } });
    await stack.put("a");
    await stack.engine.idle();
    const { stream, destinations } = stack.engine.outputs as { stream: string; destinations: { copy: Destination } };
    const { failureQueue, function: name } = destinations.copy;
    const send = async (body: string) => {
      const command = new SendMessageCommand({ QueueUrl: failureQueue, MessageBody: body });
      return (await stack.engine.clients.sqs.send(command)).MessageId!;
    };
    const foreign = await send("hello");
    const lost = await send(JSON.stringify(failure(stream, name)));
    const [result] = (await stack.redrive()).consumers;
    expect(result).to.deep.include({ messages: 2, redriven: 0, left: 2 });
    expect(result!.notUnderstood).to.deep.equal([{ messageId: foreign, problem: "it is not JSON" }]);
    expect(result!.trimmed).to.deep.equal([
      {
        ...{ messageId: lost, shardId: "shardId-gone", first: "1".repeat(21), last: "2".repeat(21), records: 3 },
        arrived: ["2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z"],
      },
    ]);
    expect(await waiting(failureQueue)).to.deep.equal(["2", "0"]);

    const looked = await stack.redrive({ discard: [lost], dryRun: true });
    expect(looked.consumers[0]).to.deep.include({ discarded: 1, left: 2 });
    expect(await waiting(failureQueue)).to.deep.equal(["2", "0"]);
    const discarded = await stack.redrive({ discard: [lost, "no such id"] });
    expect(discarded.consumers[0]).to.deep.include({ messages: 2, discarded: 1, trimmed: [], left: 1 });
    expect(discarded.discard).to.deep.equal({ notFound: ["no such id"] });
    expect(isDone(discarded)).to.equal(false);
    expect(await waiting(failureQueue)).to.deep.equal(["1", "0"]);
  });

  it("redrives nothing when it discards, and is done when all that it names are discarded", async () => {
    await stack.start({ copy: { kind: "replica", ...impatient } });
    stack.out.add("PutItem");
    await stack.put("a");
    await stack.engine.idle();
    const [{ messages } = { messages: [] }] = (await stack.redrive()).consumers[0]!.stillFailing;
    expect(messages).to.have.length(1);
    await stack.put("b");
    await stack.engine.idle();
    stack.out.clear();
    const result = await stack.redrive({ discard: messages });
    expect(result.consumers[0]).to.deep.include({ messages: 2, discarded: 1, redriven: 0, left: 1 });
    expect([isDone(result), nothingLeft(result)]).to.deep.equal([true, false]);
    expect((await stack.redrive()).consumers[0]).to.deep.include({ messages: 1, redriven: 1, left: 0 });
  });

  it("releases what it holds when it is interrupted", async () => {
    await stack.start({ copy: { kind: "replica", ...impatient } });
    stack.out.add("PutItem");
    await stack.put("a");
    await stack.engine.idle();
    const stop = new AbortController();
    const pressed: Progress = {
      step: (_, work) => {
        stop.abort(new Error("pressed"));
        return work(() => {});
      },
    };
    const error = await stack.redrive({ signal: stop.signal }, pressed).catch((e) => e);
    expect(error.message).to.equal("pressed");
    const { destinations } = stack.engine.outputs as { destinations: { copy: Destination } };
    expect(await waiting(destinations.copy.failureQueue)).to.deep.equal(["1", "0"]);
  });

  interface Destination {
    readonly failureQueue: string;
    readonly function: string;
  }

  /** How many messages of a queue can be seen, and how many are received and neither deleted nor released. */
  const waiting = async (QueueUrl: string) => {
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
    const { Attributes } = await stack.engine.clients.sqs.send(command);
    return AttributeNames.map((name) => Attributes?.[name]);
  };
});

/** A failure message about records that no stream has. */
function failure(streamArn: string, functionName: string) {
  return {
    requestContext: {
      requestId: "r",
      functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2026-01-01T00:00:03.000Z",
    DDBStreamBatchInfo: {
      shardId: "shardId-gone",
      startSequenceNumber: "1".repeat(21),
      endSequenceNumber: "2".repeat(21),
      approximateArrivalOfFirstRecord: "2026-01-01T00:00:00Z",
      approximateArrivalOfLastRecord: "2026-01-01T00:00:02Z",
      batchSize: 3,
      streamArn,
    },
  };
}
