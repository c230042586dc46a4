import { expect } from "chai";
import type { FunctionOptions } from "../../../../local/engine/function/function-options.ts";
import { FunctionFixture } from "./fixture.ts";

describe("a function's environment", () => {
  const functions = new FunctionFixture();

  it("has its own environment and nothing else", async () => {
    process.env.OF_THE_HOST = "secret";
    const one = functions.start(
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
      "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_INITIALIZATION_TYPE",
      "AWS_LAMBDA_LOG_FORMAT",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "AWS_SHARED_CREDENTIALS_FILE",
      "AWS_XRAY_CONTEXT_MISSING",
      "DESTINATIONS",
      "LAMBDA_TASK_ROOT",
      "LANG",
      "NODE_OPTIONS",
      "PATH",
      "TZ",
      "_HANDLER",
    ]);
    expect(env).to.include({
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "id",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    });
    expect([flags, maps]).to.deep.equal([[], true]);
  });

  it("says how to log", async () => {
    const code = `export const handler = () => [process.env.AWS_LAMBDA_LOG_FORMAT, process.env.AWS_LAMBDA_LOG_LEVEL ?? "none"];`;
    const logging = async (options: Partial<FunctionOptions>) =>
      (await functions.start(code, options).invoke({})).payload;
    expect(await logging({})).to.deep.equal(["Text", "none"]);
    expect(await logging({ logFormat: "JSON" })).to.deep.equal(["JSON", "INFO"]);
    expect(await logging({ logFormat: "JSON", logLevel: "WARN" })).to.deep.equal(["JSON", "WARN"]);
  });
});
