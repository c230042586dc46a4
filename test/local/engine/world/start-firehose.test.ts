import { expect } from "chai";
import type { FaultRule } from "../../../../local/engine/gateway/fault-rule.ts";
import { seededFaults } from "../../../../local/engine/gateway/faults.ts";
import { copyFaults } from "../../../../local/engine/world/start-firehose.ts";

describe("the faults of COPYs", () => {
  const streams = new Map([
    ["films-1a2b3c4", { kind: "firehose", name: "films-1a2b3c4", logicalName: "films" } as const],
  ]);
  const faults = (...rules: FaultRule[]) => {
    const ask = copyFaults(seededFaults(1, rules), "eu-west-1", streams);
    return Promise.all(["films-1a2b3c4", "other"].map((stream) => ask({ stream, objects: [], attempt: 1 })));
  };

  it("come from the same rules as all others", async () => {
    const redshift = { service: "redshift" } as const;
    expect(await faults({ fault: "repeat" })).to.deep.equal(["repeat", "repeat"]);
    expect(await faults({ ...redshift, function: "films", fault: "reset" })).to.deep.equal(["refuse", undefined]);
    expect(await faults({ ...redshift, fault: "unavailable" })).to.deep.equal(["refuse", "refuse"]);
    expect(await faults({ ...redshift, fault: "silence", afterEffect: true })).to.deep.equal(["forget", "forget"]);
    expect(await faults({ caller: "firehose", operation: "Copy", fault: "throttle" })).to.deep.equal([
      "refuse",
      "refuse",
    ]);
    expect(await faults({ fault: "reset" }, { ...redshift, fault: { failEntries: 1 } })).to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(await copyFaults(undefined, "eu-west-1", streams)({ stream: "s", objects: [], attempt: 1 })).to.equal(
      undefined,
    );
  });

  it("may come late", async () => {
    const begin = performance.now();
    expect(await faults({ ...{ service: "redshift", fault: { latency: 30 } } }, { fault: "repeat" })).to.deep.equal([
      "repeat",
      "repeat",
    ]);
    expect(performance.now() - begin).to.be.at.least(29);
  });
});
