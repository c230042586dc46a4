import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { kinds } from "../../infra/kinds.ts";
import { jsonSchema } from "../../infra/settings/json-schema.ts";
import { Checkout } from "../support/checkout.ts";

const root = join(import.meta.dirname, "../..");

for (const [name, kind] of Object.entries(kinds))
  describe(`kind ${name}`, () => {
    it("has its files: what is provisioned, what runs in the function, and what holds both to it", () => {
      for (const path of [`infra/kinds/${name}.ts`, `handlers/kinds/${name}.ts`, `test/handlers/kinds/${name}.test.ts`])
        expect(existsSync(join(root, path)), `${path} is missing`).to.equal(true);
      const proof = [`test/infra/kinds/${name}.test.ts`, `test/infra/kinds/${name}`].filter((path) =>
        existsSync(join(root, path)),
      );
      expect(proof, `test/infra/kinds/${name}.test.ts is missing`).to.not.deep.equal([]);
    });

    it("knows all of its settings, and says what each means", () => {
      expect(kind.schema.safeParse({ "no such setting": 1 }).success).to.equal(false);
      const { properties = {} } = jsonSchema(kind.schema);
      expect(properties).to.not.have.any.keys("kind", "consumer", "filters", "mapping", "function");
      for (const [key, node] of Object.entries(properties)) expect(node.description, key).to.match(/^[A-Z].*\.$/s);
    });

    it("can do without any setting, and with both images", () => {
      expect(kind.schema.safeParse({}).success).to.equal(true);
      expect(kind.views).to.include("NEW_AND_OLD_IMAGES");
    });
  });

describe("a new kind", () => {
  it("is a file in infra/, a file in handlers/ and a line in the table", async () => {
    using checkout = new Checkout();
    for (const path of ["local", "test/support/graph.ts", "test/support/graph-outputs.ts"]) checkout.copy(path);
    const write = (path: string, text: string) => writeFileSync(join(checkout.folder, path), text);
    write(
      "infra/kinds/topic.ts",
      `import * as aws from "@pulumi/aws";
       import { z } from "zod";
       export const topic = {
         schema: z.strictObject({ displayName: z.string().describe("Name that subscribers see.") }),
         views: ["NEW_AND_OLD_IMAGES"] as const,
         provision({ displayName }, { name, parent }) {
           const made = new aws.sns.Topic(name + "-topic", { displayName }, { parent });
           return {
             settings: { topicArn: made.arn },
             grants: [{ actions: ["sns:Publish"], resources: [made.arn] }],
             dependsOn: [made],
             outputs: { topicArn: made.arn },
           };
         },
       };`,
    );
    write("handlers/kinds/topic.ts", "export const connect = () => async () => [];");
    const table = readFileSync(join(checkout.folder, "infra/kinds.ts"), "utf8");
    write(
      "infra/kinds.ts",
      `import { topic } from "./kinds/topic.ts";\n${table.replace("kinds = {", "kinds = { topic,")}`,
    );
    const script = `
      import { graph } from "./test/support/graph.ts";
      const source = { hashKey: { name: "id", type: "S" } };
      const made = await graph({ config: { source, destinations: { news: { kind: "topic", displayName: "News" } } } });
      const { environment } = made.named("fanout-news-function").inputs;
      const statements = JSON.parse(made.named("fanout-news-policy").inputs.policy).Statement;
      console.log(JSON.stringify({ environment, last: statements.at(-1), waitsFor: made.named("fanout-news-mapping").waitsFor, outputs: made.outputs }));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: checkout.folder,
    });
    const { environment, last, waitsFor, outputs } = JSON.parse(stdout);
    const topicArn = "arn:aws:sns:us-east-1:111122223333:fanout-news-topic-1234567";
    expect(JSON.parse(environment.variables.DESTINATIONS)).to.deep.equal({
      news: { kind: "topic", settings: { topicArn } },
    });
    expect(last).to.deep.equal({ Sid: "Deliver0", Effect: "Allow", Action: ["sns:Publish"], Resource: [topicArn] });
    expect(waitsFor).to.include("fanout-news-topic");
    expect(outputs.destinations.news.sink).to.deep.equal({ topicArn });
  });
});
