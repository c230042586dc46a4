import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";

describe("startDynamoDbLocal", () => {
  it("says what to install where there is neither Java nor Docker", async () => {
    const program =
      'import("./local/dynamodb-local.ts").then((m) => m.startDynamoDbLocal()).catch((e) => console.log(e.name + ": " + e.message))';
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { env: { PATH: "/nonexistent" } });
    expect(stdout.trim()).to.equal(
      "UserError: The stand-in for DynamoDB needs Java 17 or newer, or a running Docker: no `java` was found on the PATH and Docker does not answer. " +
        "Install a JRE (Debian and Ubuntu: `apt-get install openjdk-17-jre-headless`, macOS: `brew install openjdk`), then try again.",
    );
  });
});
