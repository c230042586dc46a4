import { join } from "node:path";
import { expect } from "chai";
import { key } from "../../support/lines.ts";
import { runProgram } from "../../support/pulumi-engine.ts";

// How Pulumi's protocol says what a value is: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts.
const signature = "4dabf18193072939515e22adb298388d";
const [secret, archive] = ["1b47061264138c4ac30d75fd1eb44270", "0def7320c3a5731c473e5ecbe6d01bc7"];

describe("secret settings on their way to the engine", () => {
  for (const dryRun of [true, false])
    it(`are secrets in every input and output that is made of them, in ${dryRun ? "a preview" : "an update"}`, async () => {
      const config = {
        "aws:region": "us-east-1",
        [key("source")]: JSON.stringify({ name: "hushtable", hashKey: { name: "id", type: "S" } }),
        [key("destinations")]: JSON.stringify({
          a: { kind: "sqs", queueArn: "arn:aws:sqs:us-east-1:111122223333:hushqueue", maximumMessageSize: 262_144 },
          b: { kind: "replica" },
        }),
      };
      const { exitCode, messages, terminal, resources, stackOutputs } = await runProgram({
        root: join(import.meta.dirname, "../../.."),
        project: "dynamodb-fanout",
        stack: "dev",
        config,
        secretKeys: Object.keys(config).filter((each) => each !== "aws:region"),
        dryRun,
        outputs: (_, name) => ({
          arn: `arn-of-${name}`,
          url: `https://${name}`,
          name,
          streamArn: "stream",
          uuid: name,
        }),
        invokes: {
          "aws:index/getRegion:getRegion": { region: "us-east-1" },
          "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "111122223333" },
        },
      });
      expect({ exitCode, messages, terminal }).to.deep.equal({ exitCode: 0, messages: [], terminal: "" });
      const made = resources.filter(({ custom }) => custom);
      expect(made.length).to.be.greaterThan(20);
      for (const { name, inputs } of made)
        for (const [input, value] of Object.entries(inputs))
          expect(value, `${name}.${input}`).to.have.property(signature, secret);
      const { code } = made.find(({ name }) => name === "fanout-a-function")!.inputs as { code: { value: object } };
      expect(code.value).to.have.property(signature, archive);
      const { table, destinations } = stackOutputs as {
        table: object;
        destinations: { a: { sink: { queueUrl: object } } };
      };
      for (const output of [table, destinations.a.sink.queueUrl]) expect(output).to.have.property(signature, secret);
    });
});
