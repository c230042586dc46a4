import { expect } from "chai";
import type { LocalFunction } from "../../../../local/engine/function/function.ts";
import type { FaultRule } from "../../../../local/engine/gateway/fault-rule.ts";
import { seededFaults } from "../../../../local/engine/gateway/faults.ts";
import { FunctionFixture } from "./fixture.ts";

describe("the faults of invocations", () => {
  const functions = new FunctionFixture();

  /** A function that prints a line for each invocation, and answers how often its module has served. */
  const start = (...rules: FaultRule[]) =>
    functions.start('let served = 0; export const handler = async () => { console.log("worked"); return ++served; };', {
      name: "relay-1a2b3c4",
      logicalName: "relay",
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:relay-1a2b3c4",
      timeoutSeconds: 30,
      faults: seededFaults(1, rules),
    });
  const outcome = (one: LocalFunction) =>
    one.invoke({}).then(
      ({ payload, functionError }) => (functionError === null ? payload : (payload as { errorType: string }).errorType),
      (error) => `${error.name}: ${error.message}`,
    );
  const second = { from: 2, calls: 1 };
  const three = async (one: LocalFunction) => [await outcome(one), await outcome(one), await outcome(one)];

  const table: readonly (readonly [string, Omit<FaultRule, "during">, readonly unknown[], number])[] = [
    [
      "throttled",
      { operation: "Invoke", fault: "throttle" },
      [1, "InvocationRefused: TooManyRequestsException: Rate Exceeded.", 2],
      2,
    ],
    [
      "unavailable",
      { service: "lambda", function: "relay", fault: "unavailable" },
      [1, "InvocationRefused: ServiceException: The service encountered an internal error.", 2],
      2,
    ],
    [
      "unavailable, but only after the function has worked",
      { service: "lambda", fault: "unavailable", afterEffect: true },
      [1, "InvocationRefused: ServiceException: The service encountered an internal error.", 3],
      3,
    ],
    [
      "reset",
      { service: "lambda", fault: "reset" },
      [1, "InvocationRefused: the connection to Lambda was reset", 2],
      2,
    ],
    [
      "never answered",
      { service: "lambda", fault: "silence", afterEffect: true },
      [1, "InvocationRefused: Lambda did not answer", 3],
      3,
    ],
    ["out of time", { fault: "timeout" }, [1, "Sandbox.Timedout", 1], 2],
    ["out of time after the work", { fault: "timeout", afterEffect: true }, [1, "Sandbox.Timedout", 1], 3],
    ["crashed", { fault: "crash" }, [1, "Runtime.ExitError", 1], 2],
    ["crashed after the work", { fault: "crash", afterEffect: true }, [1, "Runtime.ExitError", 1], 3],
    ["another function's", { function: "other", fault: "crash" }, [1, 2, 3], 3],
    ["of a bulk call, which it is not", { operation: "Invoke", fault: { failEntries: 1 } }, [1, 2, 3], 3],
  ];
  for (const [name, rule, outcomes, worked] of table)
    it(name, async () => {
      const one = start({ ...rule, during: second });
      expect(await three(one)).to.deep.equal(outcomes);
      await one.stop();
      expect(one.log.filter((line) => line === "worked")).to.have.length(worked);
      const refused = outcomes.filter((each) => /^InvocationRefused/.test(String(each))).length;
      const errors = outcomes.filter((each) => /^(Sandbox|Runtime)/.test(String(each))).length;
      const timeouts = outcomes.filter((each) => /^Sandbox/.test(String(each))).length;
      expect(one.stats).to.include({ refused, errors, timeouts, starts: errors === 0 ? 1 : 2 });
    });

  it("late, and refused at once when the function is stopped meanwhile", async () => {
    const one = start({ operation: "Invoke", fault: { latency: 60 } });
    const begin = performance.now();
    expect(await outcome(one)).to.equal(1);
    expect(performance.now() - begin).to.be.at.least(59);
    const late = outcome(one);
    await one.stop();
    expect(await late).to.match(/^InvocationRefused: ResourceNotFoundException/);
  });
});
