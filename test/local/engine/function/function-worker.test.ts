import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FunctionFixture, failureOf } from "./fixture.ts";

describe("a function's handler", () => {
  const functions = new FunctionFixture();

  it("finds handlers in folders, in objects and in CommonJS", async () => {
    const nested = functions.start(
      "export const api = { feed: () => 'nested' };",
      { handler: "src/index.api.feed" },
      "src/index.mjs",
    );
    expect((await nested.invoke({})).payload).to.equal("nested");
    const common = functions.start(
      "module.exports = { feed() { return 'common'; } };",
      { handler: "old.feed" },
      "old.js",
    );
    expect((await common.invoke({})).payload).to.equal("common");
  });

  it("has the AWS SDK, as Lambda includes it, unless it brings its own", async () => {
    const module = functions.start(
      'import { SQSClient } from "@aws-sdk/client-sqs"; export const handler = () => typeof SQSClient;',
    );
    expect((await module.invoke({})).payload).to.equal("function");
    const common = functions.start(
      'exports.handler = () => [typeof require("@aws-sdk/client-s3").S3Client, require("@aws-sdk/client-sns").own];',
      { handler: "old.handler" },
      "old.cjs",
    );
    const own = join(functions.directory, "node_modules/@aws-sdk/client-sns");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "index.js"), "exports.own = true;");
    expect((await common.invoke({})).payload).to.deep.equal(["function", true]);
    const none = functions.start(
      'import "@aws-sdk/client-acm"; export const handler = () => 1;',
      { handler: "n.handler" },
      "n.mjs",
    );
    expect((await failureOf(none)).errorMessage).to.match(
      /^Cannot find package '@aws-sdk\/client-acm' imported from .*n\.mjs/,
    );
  });

  it("may answer by a callback only where its runtime has one", async () => {
    const code = `
exports.answer = (event, context, callback) => setTimeout(() => callback(null, event.n + 1), 1);
exports.fail = (event, context, callback) => callback(new TypeError("not today"));
exports.asks = async (event, context, callback) => typeof callback;
exports.returns = () => "ignored";`;
    const one = (handler: string, callbacks: boolean) => functions.start(code, { handler, callbacks }, "index.js");
    expect((await one("index.answer", true).invoke({ n: 1 })).payload).to.equal(2);
    expect(await failureOf(one("index.fail", true))).to.include({ errorType: "TypeError", errorMessage: "not today" });
    expect((await one("index.asks", true).invoke({})).payload).to.equal("function");
    expect((await one("index.returns", true).invoke({})).payload).to.equal(null);
    expect((await one("index.returns", false).invoke({})).payload).to.equal("ignored");
    const { errorType, errorMessage } = await failureOf(one("index.answer", false));
    expect(errorType).to.equal("Runtime.CallbackHandlerDeprecated");
    expect(errorMessage).to.match(/^ERROR: AWS Lambda has removed support for callback-based function handlers/);
  });

  it("answers null when the handler returns nothing that JSON knows", async () => {
    for (const value of ["undefined", "null", "() => 1", "Symbol()"]) {
      const { payload, functionError } = await functions.start(`export const handler = () => (${value});`).invoke({});
      expect([payload, functionError], value).to.deep.equal([null, null]);
    }
  });

  it("reports what the handler throws, with source positions", async () => {
    const one = functions.start("export const handler = async () => { throw new TypeError('no such film'); };");
    const { errorType, errorMessage, trace } = await failureOf(one);
    expect([errorType, errorMessage]).to.deep.equal(["TypeError", "no such film"]);
    expect(trace?.[1]).to.match(/index\.mjs:1/);
    const thrower = functions.start(
      "exports.handler = async (event) => { throw event; };",
      { handler: "odd.handler" },
      "odd.cjs",
    );
    expect(await failureOf(thrower, "text")).to.deep.equal({ errorType: "string", errorMessage: "text" });
  });
});
