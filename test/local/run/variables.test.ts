import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { environmentOf } from "../../../local/engine/environment.ts";
import { startLoopbackServer } from "../../../local/engine/loopback.ts";
import { variables } from "../../../local/run/output.ts";

const credentials = { accessKeyId: "ASIAOURS", secretAccessKey: "ours", sessionToken: "token" };
const services = ["dynamodb", "sqs", "s3", "firehose", "redshift-data"];

describe("the variables that are printed for other clients", () => {
  it("have an endpoint for each service, by its id", () => {
    expect(environmentOf({ endpoint: "http://127.0.0.1:1", region: "eu-west-1", credentials, services })).to.deep.equal(
      {
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_DYNAMODB_STREAMS: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_FIREHOSE: "http://127.0.0.1:1",
        AWS_ENDPOINT_URL_REDSHIFT_DATA: "http://127.0.0.1:1",
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "ASIAOURS",
        AWS_SECRET_ACCESS_KEY: "ours",
        AWS_SESSION_TOKEN: "token",
      },
    );
  });

  const shells = {
    "a profile with keys, a Region and an endpoint": { AWS_PROFILE: "work" },
    "a profile that does not exist": { AWS_PROFILE: "gone", AWS_DEFAULT_PROFILE: "gone" },
    "another endpoint for a service": { AWS_ENDPOINT_URL_SQS: "http://127.0.0.1:9" },
    "endpoints that are to be ignored": { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    "FIPS and IPv6": { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
    "other credentials": { AWS_ACCESS_KEY_ID: "AKIATHEIRS", AWS_SECRET_ACCESS_KEY: "x", AWS_SESSION_TOKEN: "theirs" },
  };
  for (const [what, shell] of Object.entries(shells)) {
    it(`lead the SDK for JavaScript here from a shell that has ${what}`, async () => {
      const home = mkdtempSync(join(tmpdir(), "home-"));
      mkdirSync(join(home, ".aws"));
      writeFileSync(
        join(home, ".aws/config"),
        "[profile work]\nregion = ap-south-1\nendpoint_url = http://127.0.0.1:9\n",
      );
      const keys = "aws_access_key_id = AKIAWORK\naws_secret_access_key = work\n";
      writeFileSync(join(home, ".aws/credentials"), `[work]\n${keys}`);
      const seen: string[] = [];
      const server = await startLoopbackServer((request, response) => {
        const [, key, region, service] =
          /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(`${request.headers.authorization}`) ?? [];
        seen.push([key, region, service, request.headers["x-amz-security-token"]].join(" "));
        response.setHeader("content-type", "application/x-amz-json-1.0").end("{}");
      });
      try {
        const environment = environmentOf({ endpoint: server.endpoint, region: "eu-west-1", credentials, services });
        const script = `${variables({ environment })}\nexec "${process.execPath}" --input-type=module --eval '
          import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
          import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
          await new DynamoDBClient().send(new ListTablesCommand());
          await new SQSClient().send(new ListQueuesCommand());'`;
        await promisify(execFile)("sh", ["-c", script], { env: { HOME: home, ...shell } });
        expect(seen).to.deep.equal(["ASIAOURS eu-west-1 dynamodb token", "ASIAOURS eu-west-1 sqs token"]);
      } finally {
        await server.stop();
        rmSync(home, { recursive: true });
      }
    });
  }
});
