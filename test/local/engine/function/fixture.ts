import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { LocalFunction } from "../../../../local/engine/function/function.ts";
import type { FunctionOptions } from "../../../../local/engine/function/function-options.ts";

/** Functions with the code that a test writes, in a folder that is new for each test. */
export class FunctionFixture {
  /** The folder with the code. */
  directory!: string;
  readonly #running: LocalFunction[] = [];

  constructor() {
    beforeEach(() => {
      this.directory = mkdtempSync(join(tmpdir(), "function-"));
    });
    afterEach(async () => {
      await Promise.all(this.#running.splice(0).map((one) => one.stop()));
      rmSync(this.directory, { recursive: true });
    });
  }

  start(code: string, options: Partial<FunctionOptions> = {}, file = "index.mjs"): LocalFunction {
    const { directory } = this;
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
    this.#running.push(one);
    return one;
  }
}

/** How an invocation fails. */
export async function failureOf(one: LocalFunction, event: unknown = {}) {
  const { functionError, payload } = await one.invoke(event);
  expect(functionError).to.equal("Unhandled");
  return payload as { errorType: string; errorMessage: string; trace?: string[] };
}
