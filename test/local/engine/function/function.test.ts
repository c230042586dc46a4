import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { LocalFunction } from "../../../../local/engine/function/function.ts";
import type { FunctionOptions } from "../../../../local/engine/function/function-options.ts";
import { InvocationRefused } from "../../../../local/engine/mapping/invocation-refused.ts";

describe("a function", () => {
  let directory: string;
  const running: LocalFunction[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "function-"));
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    rmSync(directory, { recursive: true });
  });

  const start = (code: string, options: Partial<FunctionOptions> = {}, file = "index.mjs") => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), code);
    const one = new LocalFunction({
      name: "relay",
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:relay",
      region: "eu-west-1",
      directory,
      handler: "index.handler",
      timeoutSeconds: 5,
      memoryMb: 128,
      environment: {},
      logGroup: "/aws/lambda/relay",
      credentials: { accessKeyId: "id", secretAccessKey: "key", sessionToken: "token" },
      endpoint: "http://127.0.0.1:1",
      ...options,
    });
    running.push(one);
    return one;
  };
  const failure = async (one: LocalFunction, event: unknown = {}) => {
    const { functionError, payload } = await one.invoke(event);
    expect(functionError).to.equal("Unhandled");
    return payload as { errorType: string; errorMessage: string; trace?: string[] };
  };

  it("gets the event and a context, and answers", async () => {
    const one = start(
      `export const handler = async (event, context) => ({ event, left: context.getRemainingTimeInMillis(), ...context, getRemainingTimeInMillis: undefined });`,
    );
    const { payload, functionError, requestId } = await one.invoke({ Records: [1] });
    const { left, ...rest } = payload as { left: number };
    expect(functionError).to.equal(null);
    expect(left).to.be.within(4000, 5000);
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

  it("answers null when the handler returns nothing that JSON knows", async () => {
    for (const value of ["undefined", "null", "() => 1", "Symbol()"]) {
      const { payload, functionError } = await start(`export const handler = () => (${value});`).invoke({});
      expect([payload, functionError], value).to.deep.equal([null, null]);
    }
  });

  it("ends what runs with its old variables, and starts afresh with new ones", async () => {
    const code = `let served = 0;
export const handler = async (wait) => {
  if (wait) await new Promise((resolve) => setTimeout(resolve, 200));
  served += 1;
  return [process.env.COLOUR, served];
};`;
    const one = start(code, { environment: { COLOUR: "red" } });
    expect((await one.invoke(false)).payload).to.deep.equal(["red", 1]);
    const running = one.invoke(true);
    await one.configure({ COLOUR: "blue" });
    expect(one.environment).to.deep.equal({ COLOUR: "blue" });
    expect((await one.invoke(false)).payload).to.deep.equal(["blue", 1]);
    expect((await running).payload).to.deep.equal(["red", 2]);
    expect((await one.invoke(false)).payload).to.deep.equal(["blue", 2]);
    expect(one.stats.starts).to.equal(2);
  });

  it("has its own environment and nothing else", async () => {
    process.env.OF_THE_HOST = "secret";
    const one = start(
      "export const handler = () => ({ env: process.env, flags: process.execArgv, maps: process.sourceMapsEnabled });",
      {
        environment: { DESTINATIONS: "{}", NODE_OPTIONS: "--enable-source-maps" },
      },
    );
    const { env, flags, maps } = (await one.invoke({})).payload as {
      env: Record<string, string>;
      flags: string[];
      maps: boolean;
    };
    delete process.env.OF_THE_HOST;
    expect(Object.keys(env).sort()).to.deep.equal([
      "AWS_ACCESS_KEY_ID",
      "AWS_CONFIG_FILE",
      "AWS_DEFAULT_REGION",
      "AWS_ENDPOINT_URL",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_LOG_FORMAT",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "AWS_SHARED_CREDENTIALS_FILE",
      "DESTINATIONS",
      "LAMBDA_TASK_ROOT",
      "NODE_OPTIONS",
      "_HANDLER",
    ]);
    expect(env).to.include({
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "id",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    });
    expect([flags, maps]).to.deep.equal([[], true]);
  });

  it("learns how it shall log", async () => {
    const code = `export const handler = () => [process.env.AWS_LAMBDA_LOG_FORMAT, process.env.AWS_LAMBDA_LOG_LEVEL ?? "none"];`;
    const told = async (options: Partial<FunctionOptions>) => (await start(code, options).invoke({})).payload;
    expect(await told({})).to.deep.equal(["Text", "none"]);
    expect(await told({ logFormat: "JSON" })).to.deep.equal(["JSON", "INFO"]);
    expect(await told({ logFormat: "JSON", logLevel: "WARN" })).to.deep.equal(["JSON", "WARN"]);
  });

  it("keeps its state from one invocation to the next, and runs two at a time in two threads", async () => {
    const one = start(
      "let calls = 0; export const handler = async () => { calls += 1; await new Promise((r) => setTimeout(r, 50)); return calls; };",
    );
    expect([(await one.invoke({})).payload, (await one.invoke({})).payload]).to.deep.equal([1, 2]);
    const both = await Promise.all([one.invoke({}), one.invoke({})]);
    expect(both.map(({ payload }) => payload)).to.deep.equal([3, 1]);
    expect(one.stats).to.include({ invocations: 4, starts: 2, errors: 0 });
  });

  it("reports what the handler throws, with source positions", async () => {
    const one = start("export const handler = async () => { throw new TypeError('no such film'); };");
    const { errorType, errorMessage, trace } = await failure(one);
    expect([errorType, errorMessage]).to.deep.equal(["TypeError", "no such film"]);
    expect(trace?.[1]).to.match(/index\.mjs:1/);
    const thrower = start(
      "exports.handler = async (event) => { throw event; };",
      { handler: "odd.handler" },
      "odd.cjs",
    );
    expect(await failure(thrower, "text")).to.deep.equal({ errorType: "string", errorMessage: "text" });
  });

  it("is ended when its time is up, even if it never lets go, and starts anew", async () => {
    const one = start(
      "let calls = 0; export const handler = (event) => { calls += 1; if (event.hang) for (;;); return calls; };",
      { timeoutSeconds: 1 },
    );
    expect((await one.invoke({})).payload).to.equal(1);
    expect(await failure(one, { hang: true })).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 1.00 seconds",
    });
    expect((await one.invoke({})).payload).to.equal(1);
    expect(one.stats).to.include({ invocations: 3, errors: 1, timeouts: 1, starts: 2 });
  });

  it("is ended when its module is not loaded in time; what it takes beyond the limit counts as its own time", async () => {
    const loading = (milliseconds: number) =>
      `await new Promise((done) => setTimeout(done, ${milliseconds})); export const handler = () => "loaded";`;
    const stuck = start("await new Promise(() => setInterval(() => {}, 1000)); export const handler = () => {};", {
      timeoutSeconds: 1,
      initLimit: 1500,
    });
    expect(await failure(stuck)).to.deep.equal({
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 1.00 seconds",
    });
    expect(stuck.stats).to.include({ timeouts: 1, errors: 1 });
    const slow = start(loading(600), { timeoutSeconds: 5, initLimit: 100 });
    expect((await slow.invoke({})).payload).to.equal("loaded");
    const tooSlow = start(
      `await new Promise((done) => setTimeout(done, 700)); export const handler = () => new Promise((done) => setTimeout(done, 700));`,
      { timeoutSeconds: 1, initLimit: 100 },
    );
    expect(await failure(tooSlow)).to.include({ errorType: "Sandbox.Timedout" });
  });

  it("survives a crash as Lambda does: that invocation fails and the next one starts anew", async () => {
    const one = start(`
      let calls = 0;
      export const handler = (event) => {
        calls += 1;
        if (event.exit) process.exit(7);
        if (event.stray) return new Promise(() => setTimeout(() => { throw new RangeError("stray"); }));
        return calls;
      };`);
    expect(await failure(one, { exit: true })).to.deep.equal({
      errorType: "Runtime.ExitError",
      errorMessage: "Runtime exited with error: exit status 7",
    });
    expect(await failure(one, { stray: true })).to.include({ errorType: "RangeError", errorMessage: "stray" });
    expect((await one.invoke({})).payload).to.equal(1);
  });

  it("is ended when it takes more memory than it has", async () => {
    const one = start(
      "export const handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };",
      { memoryMb: 16, timeoutSeconds: 20 },
    );
    expect((await failure(one)).errorMessage).to.match(/memory limit/);
  });

  it("fails each invocation while its module cannot be loaded", async () => {
    const broken = start("throw new Error('at the start');");
    expect(await failure(broken)).to.include({ errorType: "Error", errorMessage: "at the start" });
    expect(await failure(broken)).to.include({ errorMessage: "at the start" });
    expect(await failure(start("", { handler: "none.handler" }))).to.include({
      errorType: "Runtime.ImportModuleError",
      errorMessage: "Cannot find module 'none'",
    });
    expect(await failure(start("export const other = 1;", { handler: "index.handler" }))).to.include({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "index.handler is undefined or not exported",
    });
  });

  it("finds handlers in folders, in objects and in CommonJS", async () => {
    const nested = start(
      "export const api = { feed: () => 'nested' };",
      { handler: "src/index.api.feed" },
      "src/index.mjs",
    );
    expect((await nested.invoke({})).payload).to.equal("nested");
    const common = start("module.exports = { feed() { return 'common'; } };", { handler: "old.feed" }, "old.js");
    expect((await common.invoke({})).payload).to.equal("common");
  });

  it("has the AWS SDK, as Lambda includes it, unless it brings its own", async () => {
    const module = start(
      'import { SQSClient } from "@aws-sdk/client-sqs"; export const handler = () => typeof SQSClient;',
    );
    expect((await module.invoke({})).payload).to.equal("function");
    const common = start(
      'exports.handler = () => [typeof require("@aws-sdk/client-s3").S3Client, require("@aws-sdk/client-sns").own];',
      { handler: "old.handler" },
      "old.cjs",
    );
    const own = join(directory, "node_modules/@aws-sdk/client-sns");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "index.js"), "exports.own = true;");
    expect((await common.invoke({})).payload).to.deep.equal(["function", true]);
    const none = start(
      'import "@aws-sdk/client-acm"; export const handler = () => 1;',
      { handler: "n.handler" },
      "n.mjs",
    );
    expect((await failure(none)).errorMessage).to.match(
      /^Cannot find package '@aws-sdk\/client-acm' imported from .*n\.mjs/,
    );
  });

  it("keeps what it prints, line by line, and tells of it", async () => {
    const told: string[] = [];
    const one = start(
      "export const handler = () => { console.log('one\\ntwo'); console.error('three'); process.stdout.write('rest'); };",
      { onLine: (line) => told.push(line) },
    );
    await one.invoke({});
    await one.stop();
    expect(one.log).to.have.members(["one", "two", "three", "rest"]);
    expect(told).to.deep.equal(one.log);
  });

  it("may answer by a callback only where its runtime has one", async () => {
    const code = `
exports.answer = (event, context, callback) => setTimeout(() => callback(null, event.n + 1), 1);
exports.fail = (event, context, callback) => callback(new TypeError("not today"));
exports.asks = async (event, context, callback) => typeof callback;
exports.returns = () => "ignored";`;
    const one = (handler: string, callbacks: boolean) => start(code, { handler, callbacks }, "index.js");
    expect((await one("index.answer", true).invoke({ n: 1 })).payload).to.equal(2);
    expect(await failure(one("index.fail", true))).to.include({ errorType: "TypeError", errorMessage: "not today" });
    expect((await one("index.asks", true).invoke({})).payload).to.equal("function");
    expect((await one("index.returns", true).invoke({})).payload).to.equal(null);
    expect((await one("index.returns", false).invoke({})).payload).to.equal("ignored");
    const { errorType, errorMessage } = await failure(one("index.answer", false));
    expect(errorType).to.equal("Runtime.CallbackHandlerDeprecated");
    expect(errorMessage).to.match(/^ERROR: AWS Lambda has removed support for callback-based function handlers/);
  });

  it("refuses what Lambda refuses: too large an event, too many at a time, and a function that is gone", async () => {
    const one = start("export const handler = () => new Promise((r) => setTimeout(r, 50));", { concurrency: 1 });
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
    const one = start("export const handler = () => 'x'.repeat(6 * 1024 * 1024);");
    expect((await failure(one)).errorType).to.equal("Function.ResponseSizeTooLarge");
  });

  it("ends an invocation that is under way when it is stopped", async () => {
    const one = start("export const handler = () => new Promise(() => {});", { timeoutSeconds: 60 });
    const under = one.invoke({});
    await one.stop();
    expect(await under).to.deep.include({ functionError: "Unhandled" });
  });
});
