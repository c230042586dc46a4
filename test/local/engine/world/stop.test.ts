import { existsSync } from "node:fs";
import { expect } from "chai";
import { startWorld } from "../../../../local/engine/world/start-world.ts";

describe("the emulators and functions of a program", () => {
  it("are ended even if some of them cannot be", async () => {
    const world = await startWorld({ root: ".", region: "eu-west-1", onUp: () => {}, onProblem: () => {} });
    const folder = await world.folder();
    const stop = (reason: string) => ({ stop: () => Promise.reject(new Error(reason)) });
    world.mappings.set("m", { mapping: stop("one") } as never);
    world.functions.set("f", stop("two") as never);
    const error = await world.stop().catch((reason) => reason);
    expect(error).to.be.instanceOf(AggregateError);
    expect(error.message).to.equal("not everything could be stopped: one; two");
    expect(existsSync(folder)).to.equal(false);
    expect(await fetch(world.gateway.endpoint).catch(({ cause }) => cause.code)).to.equal("ECONNREFUSED");
  });
});
