import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { startDynamoDbLocal } from "../../../../local/engine/world/dynamodb-local.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";
import { FakeDocker } from "../../../support/fake-docker.ts";

describe("startDynamoDbLocal", () => {
  it("says what to install where there is neither Java nor Docker", async () => {
    const program =
      'import("./local/engine/world/dynamodb-local.ts").then((m) => m.startDynamoDbLocal()).catch((e) => console.log(e.name + ": " + e.message))';
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { env: { PATH: "/nonexistent" } });
    expect(stdout.trim()).to.equal(
      "UserError: The stand-in for DynamoDB needs Java 17 or newer, or a running Docker: no `java` was found on the PATH and Docker does not answer. " +
        "Install a JRE (Debian and Ubuntu: `apt-get install openjdk-17-jre-headless`, macOS: `brew install openjdk`), then try again.",
    );
  });

  describe("with Docker", () => {
    const credentials = { accessKeyId: "a", secretAccessKey: "a" };
    let upstream: string;
    before(async () => {
      upstream = (await sharedDynamoDb()).endpoint;
    });

    it("runs a container with a name, on the loopback interface only, and removes it", async () => {
      using docker = new FakeDocker(upstream);
      docker.install();
      const { endpoint, stop } = await startDynamoDbLocal();
      await new DynamoDBClient({ endpoint, region: "us-east-1", credentials }).send(new ListTablesCommand({}));
      const run = docker.calls.find(([verb]) => verb === "run") ?? [];
      const [name, publish] = ["--name", "--publish"].map((option) => run[run.indexOf(option) + 1]);
      expect(name).to.match(/^dynamodb-fanout-/);
      expect(publish).to.equal(`${new URL(endpoint).host}:8000`);
      await stop();
      expect(docker.calls.at(-1)).to.deep.equal(["rm", "--force", name]);
    });

    it("removes the container when the process ends without warning", async () => {
      using docker = new FakeDocker(upstream);
      const program =
        'import("./local/engine/world/dynamodb-local.ts").then((m) => m.startDynamoDbLocal()).then(() => process.exit(3))';
      const failed = await promisify(execFile)(process.execPath, ["-e", program], {
        env: { PATH: docker.folder },
      }).catch((error) => error);
      expect(failed.code).to.equal(3);
      expect(docker.calls.map(([verb]) => verb)).to.deep.equal(["info", "run", "rm"]);
    });

    it("says that it does not answer in time, or was told to give up", async () => {
      using docker = new FakeDocker();
      docker.install();
      const error = await startDynamoDbLocal({ limit: 500 }).catch((reason) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/^DynamoDB Local did not answer within 0\.5 seconds\.$/);
      expect(docker.calls.at(-1)?.[0]).to.equal("rm");
      const enough = AbortSignal.timeout(500);
      expect(await startDynamoDbLocal({ signal: enough }).catch((reason) => reason)).to.equal(enough.reason);
    });

    it("tells when it ends without having been stopped", async () => {
      using docker = new FakeDocker(upstream);
      docker.install();
      const { died, stop } = await startDynamoDbLocal();
      docker.crash();
      const error = await died.catch((reason) => reason);
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/^DynamoDB Local ended by itself \(SIGKILL\), and what it held is gone\./);
      await stop();
    });
  });
});
