import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InvocationRefused } from "../../../../local/engine/invocation.ts";
import { FunctionFixture, failureOf } from "./fixture.ts";

describe("a function", () => {
  const functions = new FunctionFixture();

  it("gets the event and a context, and answers", async () => {
    const one = functions.start(
      `export const handler = async (event, context) => ({ event, left: context.getRemainingTimeInMillis(), ...context, getRemainingTimeInMillis: undefined });`,
      { timeoutSeconds: 60 },
    );
    const { payload, functionError, requestId } = await one.invoke({ Records: [1] });
    const { left, ...rest } = payload as { left: number };
    expect(functionError).to.equal(null);
    expect(left).to.be.within(50_000, 60_000);
    expect(rest).to.deep.equal({
      event: { Records: [1] },
      awsRequestId: requestId,
      functionName: "relay",
      functionVersion: "$LATEST",
      invokedFunctionArn: one.arn,
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/relay",
      logStreamName: "relay",
    });
  });

  it("ends what runs with its old code, and starts afresh with new one", async () => {
    const code = `import colour from "./colour.json" with { type: "json" };
let served = 0;
export const handler = async (wait) => {
  if (wait) await new Promise((resolve) => setTimeout(resolve, 200));
  served += 1;
  return [colour, served];
};`;
    writeFileSync(join(functions.directory, "colour.json"), '"red"');
    const one = functions.start(code);
    expect((await one.invoke(false)).payload).to.deep.equal(["red", 1]);
    const running = one.invoke(true);
    await one.replaceCodeFile("colour.json", '"blue"');
    expect(one.codeFile("colour.json")).to.equal('"blue"');
    expect((await one.invoke(false)).payload).to.deep.equal(["blue", 1]);
    expect((await running).payload).to.deep.equal(["red", 2]);
    expect((await one.invoke(false)).payload).to.deep.equal(["blue", 2]);
    expect(one.stats.starts).to.equal(2);
  });

  it("keeps its state from one invocation to the next, and runs two at a time in two threads", async () => {
    const one = functions.start(
      "let calls = 0; export const handler = async () => { calls += 1; await new Promise((r) => setTimeout(r, 50)); return calls; };",
    );
    expect([(await one.invoke({})).payload, (await one.invoke({})).payload]).to.deep.equal([1, 2]);
    const both = await Promise.all([one.invoke({}), one.invoke({})]);
    expect(both.map(({ payload }) => payload)).to.deep.equal([3, 1]);
    expect(one.stats).to.include({ invocations: 4, starts: 2, errors: 0 });
  });

  it("refuses what Lambda refuses: too large an event, too many at a time, and a function that is gone", async () => {
    const one = functions.start("export const handler = () => new Promise((r) => setTimeout(r, 50));", {
      concurrency: 1,
    });
    const refusal = (event: unknown) =>
      one.invoke(event).then(
        () => "accepted",
        (error) => {
          expect(error).to.be.instanceOf(InvocationRefused);
          return error.message.split(":")[0];
        },
      );
    expect(await refusal("x".repeat(6 * 1024 * 1024))).to.equal("RequestTooLargeException");
    const first = one.invoke({});
    expect(await refusal({})).to.equal("TooManyRequestsException");
    await first;
    await one.stop();
    expect(await refusal({})).to.equal("ResourceNotFoundException");
    expect(one.stats.refused).to.equal(3);
  });

  it("fails when its answer is larger than 6 MB", async () => {
    const one = functions.start("export const handler = () => 'x'.repeat(6 * 1024 * 1024);");
    expect((await failureOf(one)).errorType).to.equal("Function.ResponseSizeTooLarge");
  });
});
