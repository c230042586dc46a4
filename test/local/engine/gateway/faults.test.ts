import { expect } from "chai";
import fc from "fast-check";
import type { FaultRule } from "../../../../local/engine/gateway/fault-rule.ts";
import { firstOf, outage, seededFaults } from "../../../../local/engine/gateway/faults.ts";
import {
  copyCall,
  invocation,
  type Principal,
  type ServiceCall,
} from "../../../../local/engine/gateway/service-call.ts";

const call = (principal: Principal, service: string, operation: string): ServiceCall => ({
  ...{ principal, service, operation, region: "eu-west-1", path: "/", body: Buffer.alloc(0) },
});
const one: Principal = { kind: "function", name: "one-1a2b3c4", logicalName: "one" };
const two: Principal = { kind: "function", name: "two-5d6e7f8", logicalName: "two" };
const throttled = { kind: "error", effect: false } as const;

describe("the rules for faults", () => {
  it("concern what functions call, by service, operation, and either of the function's names", () => {
    const put = call(one, "dynamodb", "PutItem");
    const hits = (rule: Omit<FaultRule, "fault">, other = put) =>
      seededFaults(1, [{ ...rule, fault: "throttle" }])(other) !== undefined;
    expect(hits({})).to.equal(true);
    expect(hits({ service: "dynamodb", operation: "PutItem" })).to.equal(true);
    expect(hits({ service: "sqs" })).to.equal(false);
    expect(hits({ operation: "GetItem" })).to.equal(false);
    expect(hits({ function: "one" })).to.equal(true);
    expect(hits({ function: "one-1a2b3c4" })).to.equal(true);
    expect(hits({ function: "two" })).to.equal(false);
    for (const kind of ["mapping", "firehose", "engine", "user"] as const) {
      const other = call({ ...one, kind }, "dynamodb", "PutItem");
      expect([hits({}, other), hits({ caller: kind }, other), hits({ caller: kind })]).to.deep.equal([
        false,
        true,
        false,
      ]);
    }
  });

  it("concern invocations, COPYs and statements only if they say so", () => {
    const invoked = invocation({ ...one, kind: "mapping" }, "eu-west-1", one, "{}");
    const copied = copyCall({ kind: "firehose", name: "stream" }, "eu-west-1");
    const kinds = (rule: FaultRule) =>
      [invoked, copied, call(one, "sqs", "SendMessage")].map((each) => seededFaults(1, [rule])(each)?.kind);
    expect(kinds({ fault: "reset" })).to.deep.equal([undefined, undefined, "reset"]);
    expect(kinds({ service: "lambda", fault: "reset" })).to.deep.equal(["reset", undefined, undefined]);
    expect(kinds({ operation: "Invoke", function: "one", fault: "reset" })).to.deep.equal([
      "reset",
      undefined,
      undefined,
    ]);
    expect(kinds({ operation: "Invoke", function: "two", fault: "reset" })).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
    expect(kinds({ fault: "crash" })).to.deep.equal(["ending", undefined, undefined]);
    expect(kinds({ fault: "timeout" })).to.deep.equal(["ending", undefined, undefined]);
    expect(kinds({ fault: "repeat" })).to.deep.equal([undefined, "repeat", undefined]);
    const statement = call(one, "redshift-data", "ExecuteStatement");
    expect(seededFaults(1, [{ fault: "reset" }])(statement)).to.equal(undefined);
    expect(seededFaults(1, [{ service: "redshift-data", fault: "reset" }])(statement)?.kind).to.equal("reset");
    expect(kinds({ service: "redshift", fault: "reset" })).to.deep.equal([undefined, "reset", undefined]);
  });

  it("hit a number of calls", () => {
    const hook = seededFaults(1, [{ during: { from: 3, calls: 2 }, fault: "throttle" }]);
    const verdicts = (principal: Principal) =>
      Array.from({ length: 6 }, () => hook(call(principal, "sqs", "SendMessage")) !== undefined);
    const expected = [false, false, true, true, false, false];
    expect([verdicts(one), verdicts(two)]).to.deep.equal([expected, expected]);
  });

  it("add latency up, and let a further rule hit after it; each rule counts for itself", () => {
    const hook = seededFaults(1, [
      { fault: { latency: 100 } },
      { fault: { latency: [10, 20] } },
      { during: { calls: 1 }, fault: "reset" },
      { during: { calls: 2 }, fault: "throttle" },
    ]);
    const faults = Array.from({ length: 3 }, () => hook(call(one, "sqs", "SendMessage")));
    for (const fault of faults) {
      if (fault?.kind !== "latency") throw new Error(`${fault?.kind} is no latency`);
      expect(fault.milliseconds).to.be.within(110, 120);
    }
    expect(faults.map((fault) => fault?.kind === "latency" && fault.before?.kind)).to.deep.equal([
      "reset",
      "error",
      undefined,
    ]);
  });

  it("give a caller's n-th call the same fault, however the callers take turns", () => {
    const operations = ["SendMessage", "SendMessageBatch", "PutItem"];
    const turn = fc.tuple(fc.constantFrom(one, two), fc.constantFrom(...operations));
    const rules: FaultRule[] = [
      { operation: "PutItem", probability: 0.3, fault: "throttle" },
      { probability: 0.3, fault: { latency: [1, 1000] } },
      { probability: 0.5, fault: { failEntries: 0.5 } },
    ];
    const verdicts = (seed: number, turns: readonly (readonly [Principal, string])[]) => {
      const hook = seededFaults(seed, rules);
      const found = new Map<string, unknown[]>();
      for (const [principal, operation] of turns) {
        const fault = hook(call(principal, "any", operation));
        const entries = fault?.kind === "entries" ? Array.from({ length: 5 }, (_, index) => fault.fails(index)) : [];
        const key = `${principal.name} ${operation}`;
        found.set(key, [...(found.get(key) ?? []), { ...fault, entries, fails: undefined, before: undefined }]);
      }
      return Object.fromEntries(found);
    };
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(turn, { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (seed, turns, order) => {
          const shuffled = turns
            .map((each) => ({ each, place: order.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ each }) => each);
          expect(verdicts(seed, shuffled)).to.deep.equal(verdicts(seed, turns));
        },
      ),
    );
  });

  it("are as frequent as asked for, and not alike for two callers or two seeds", () => {
    const draw = (seed: number, principal: Principal) => {
      const hook = seededFaults(seed, [{ probability: 0.2, fault: "throttle" }]);
      return Array.from({ length: 2000 }, () => hook(call(principal, "sqs", "SendMessage")) !== undefined);
    };
    expect(draw(7, one)).to.deep.equal(draw(7, { ...one, name: "one-9999999" }));
    expect(draw(7, one)).not.to.deep.equal(draw(8, one));
    expect(draw(7, one)).not.to.deep.equal(draw(7, two));
    for (const seed of [1, 2, 3]) expect(draw(seed, one).filter(Boolean)).to.have.length.within(340, 460);
  });

  it("apply only during an outage, and the first of several hooks decides", () => {
    const out = outage([{ operation: "PutItem", fault: "unavailable" }]);
    const hook = firstOf(out.hook, seededFaults(1, [{ fault: "throttle" }]));
    const code = () => {
      const fault = hook(call(one, "dynamodb", "PutItem"));
      return fault?.kind === "error" ? fault.error.code : fault?.kind;
    };
    expect(code()).to.equal("ProvisionedThroughputExceededException");
    out.begin();
    expect(code()).to.equal("InternalServerError");
    expect(hook(call(one, "sqs", "SendMessage"))).to.deep.include(throttled);
    out.end();
    expect(code()).to.equal("ProvisionedThroughputExceededException");
  });

  it("are the same for the same seed, and as frequent as asked for", () => {
    const call = {
      principal: { kind: "function", name: "f" },
      service: "sqs",
      region: "",
      operation: "",
      path: "/",
      body: Buffer.alloc(0),
    } as const;
    const draw = (seed: number) => {
      const faults = seededFaults(seed, [{ probability: 0.2, fault: "throttle" }]);
      return Array.from({ length: 2000 }, () => faults(call) !== undefined);
    };
    expect(draw(7)).to.deep.equal(draw(7));
    expect(draw(7)).not.to.deep.equal(draw(8));
    expect(draw(7).filter(Boolean)).to.have.length.within(340, 460);
  });
});
