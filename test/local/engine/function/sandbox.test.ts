import { expect } from "chai";
import { FunctionFixture, failureOf } from "./fixture.ts";

describe("a function's execution environment", () => {
  const functions = new FunctionFixture();

  it("is ended when its time is up, even if it never lets go, and starts anew", async () => {
    const one = functions.start(
      "let calls = 0; export const handler = (event) => { calls += 1; if (event.hang) for (;;); return calls; };",
      { timeoutSeconds: 1 },
    );
    expect((await one.invoke({})).payload).to.equal(1);
    const { payload, requestId } = await one.invoke({ hang: true });
    expect(payload).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect((await one.invoke({})).payload).to.equal(1);
    expect(one.stats).to.include({ invocations: 3, errors: 1, timeouts: 1, starts: 2 });
  });

  it("is ended when its module is not loaded in time; what it takes beyond the limit counts as its own time", async () => {
    const loading = (milliseconds: number) =>
      `await new Promise((done) => setTimeout(done, ${milliseconds})); export const handler = () => "loaded";`;
    const stuck = functions.start(
      "await new Promise(() => setInterval(() => {}, 1000)); export const handler = () => {};",
      {
        timeoutSeconds: 1,
        initLimit: 1500,
      },
    );
    const { payload, requestId } = await stuck.invoke({});
    expect(payload).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(stuck.stats).to.include({ timeouts: 1, errors: 1 });
    const slow = functions.start(loading(600), { timeoutSeconds: 30, initLimit: 100 });
    expect((await slow.invoke({})).payload).to.equal("loaded");
    const tooSlow = functions.start(
      `await new Promise((done) => setTimeout(done, 700)); export const handler = () => new Promise((done) => setTimeout(done, 700));`,
      { timeoutSeconds: 1, initLimit: 100 },
    );
    expect(await failureOf(tooSlow)).to.include({ errorType: "Sandbox.Timedout" });
  });

  it("survives a crash as Lambda does: that invocation fails and the next one starts anew", async () => {
    const one = functions.start(`
      let calls = 0;
      export const handler = (event) => {
        calls += 1;
        if (event.exit) process.exit(7);
        if (event.stray) return new Promise(() => setTimeout(() => { throw new RangeError("stray"); }));
        return calls;
      };`);
    const { payload, requestId } = await one.invoke({ exit: true });
    expect(payload).to.deep.equal({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
    });
    expect(await failureOf(one, { stray: true })).to.include({ errorType: "RangeError", errorMessage: "stray" });
    expect((await one.invoke({})).payload).to.equal(1);
  });

  it("is ended when it takes more memory than it has", async () => {
    const one = functions.start(
      "export const handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };",
      { memoryMb: 16, timeoutSeconds: 20 },
    );
    expect((await failureOf(one)).errorMessage).to.match(/memory limit/);
  });

  it("fails each invocation while its module cannot be loaded", async () => {
    const broken = functions.start("throw new Error('at the start');");
    expect(await failureOf(broken)).to.include({ errorType: "Error", errorMessage: "at the start" });
    expect(await failureOf(broken)).to.include({ errorMessage: "at the start" });
    expect(await failureOf(functions.start("", { handler: "none.handler" }))).to.include({
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Cannot find module 'none'",
    });
    expect(await failureOf(functions.start("export const other = 1;", { handler: "index.handler" }))).to.include({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "index.handler is undefined or not exported",
    });
  });

  it("keeps what it prints, line by line, and tells of it", async () => {
    const told: string[] = [];
    const one = functions.start(
      "export const handler = () => { console.log('one\\ntwo'); console.error('three'); process.stdout.write('rest'); };",
      { onLine: (line) => told.push(line) },
    );
    await one.invoke({});
    await one.stop();
    expect(one.log).to.have.members(["one", "two", "three", "rest"]);
    expect(told).to.deep.equal(one.log);
  });

  it("ends an invocation that is under way when it is stopped", async () => {
    const one = functions.start("export const handler = () => new Promise(() => {});", { timeoutSeconds: 60 });
    const under = one.invoke({});
    await one.stop();
    expect(await under).to.deep.include({ functionError: "Unhandled" });
  });
});
