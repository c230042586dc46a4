import { expect } from "chai";
import { checkDestinations } from "../../../local/demo/check-destinations.ts";
import type { ConsumerResult } from "../../../operate/redrive/result.ts";
import { readOutputs } from "../../../operate/stack/outputs.ts";
import { FailingStack, impatient } from "./failing-stack.ts";

describe("the advice for what a destination will never take", () => {
  const stack = new FailingStack();
  const outputs = () => readOutputs(stack.engine.outputs);
  const verified = async () => (await checkDestinations(stack.engine, outputs())).map(({ problems }) => problems);
  const poison = { text: { S: "x".repeat(70_000) } };
  /** Redrives, and says which messages are left because their records still fail. */
  const stillThere = async () => {
    const [result] = (await stack.redrive()).consumers as readonly [ConsumerResult];
    await stack.engine.idle();
    return result.stillFailing.flatMap(({ messages }) => messages);
  };

  beforeEach(() => stack.start({ warehouse: { kind: "redshift", ...impatient } }));

  it("is no redrive alone: it sends the same record again, whatever the source has by then", async () => {
    await stack.put("a", poison);
    await stack.engine.idle();
    const first = await stillThere();
    expect(first).to.have.length(1);
    await stack.put("a", { n: { N: "1" } });
    await stack.engine.idle();
    // The change to what the warehouse takes still carries the old item.
    expect(await stillThere())
      .to.have.length(2)
      .and.to.include(first[0]);
  });

  it("makes the warehouse show the source: the item changed twice, the messages discarded", async () => {
    await stack.put("a", poison);
    await stack.engine.idle();
    await stack.put("a", { n: { N: "1" } });
    await stack.put("a", { n: { N: "2" } });
    await stack.engine.idle();
    const { consumers } = await stack.redrive({ discard: await stillThere() });
    expect(consumers[0]).to.deep.include({ discarded: 2, left: 0 });
    const [problems] = await verified();
    // The log lacks the two records that were given up, and the view nothing.
    expect(problems!.filter((problem) => /lacks the change with event id/.test(problem))).to.have.length(2);
    expect(problems).to.have.length(2);
  });

  it("does so for a deleted item: written and deleted again, the messages discarded", async () => {
    await stack.put("a", {});
    await stack.put("a", poison);
    await stack.engine.idle();
    await stack.remove("a");
    await stack.put("a", {});
    await stack.remove("a");
    await stack.engine.idle();
    const { consumers } = await stack.redrive({ discard: await stillThere() });
    expect(consumers[0]).to.deep.include({ discarded: 2, left: 0 });
    const [problems] = await verified();
    expect(problems!.filter((problem) => !/lacks the change with event id/.test(problem))).to.deep.equal([
      "the source has no items, so there is nothing to compare with",
    ]);
  });
});
