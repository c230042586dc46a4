import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { expect } from "chai";
import { type LoopbackServer, startLoopbackServer } from "../../../../local/engine/loopback.ts";
import { DataApi } from "../../../../local/engine/redshift/data-api.ts";
import type { Redshift } from "../../../../local/engine/redshift/redshift.ts";
import { sharedRedshift } from "../../../support/redshift.ts";
import { failure } from "./support/redshift-suite.ts";

describe("the stand-in for the Redshift Data API", () => {
  let redshift: Redshift;
  let server: LoopbackServer;
  let client: RedshiftDataClient;
  before(async () => {
    redshift = await sharedRedshift();
    const api = new DataApi(async () => redshift);
    server = await startLoopbackServer((request, response) => void api.handle(request, response));
    const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
    client = new RedshiftDataClient({ endpoint: server.endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  const somewhere = { WorkgroupName: "films", Database: "fanout", SecretArn: "arn:aws:secretsmanager:::secret:admin" };
  const execute = (Sql: string, where: object = somewhere) =>
    client.send(new ExecuteStatementCommand({ ...where, Sql } as typeof somewhere & { Sql: string }));
  const outcome = async (Sql: string) => {
    const { Id } = await execute(Sql);
    const { Status, Error: reason } = await client.send(new DescribeStatementCommand({ Id }));
    return { Status, reason };
  };

  it("runs statements in the database", async () => {
    expect(await outcome("CREATE TABLE by_data_api (doc super) DISTSTYLE EVEN")).to.deep.equal({
      Status: "FINISHED",
      reason: undefined,
    });
    expect(await redshift.query("SELECT * FROM by_data_api")).to.deep.equal([]);
  });

  it("says why one failed", async () => {
    expect(await outcome("SELECT * FROM no_table")).to.deep.equal({
      Status: "FAILED",
      reason: 'ERROR: relation "no_table" does not exist, in the statement: SELECT * FROM no_table',
    });
  });

  for (const [what, call, name, message] of [
    ["two statements", () => execute("SELECT 1; SELECT 2"), "ValidationException", "Sql has 2 statements"],
    ["none", () => execute("-- nothing"), "ValidationException", "Sql has 0 statements"],
    [
      "no warehouse",
      () => execute("SELECT 1", { ...somewhere, WorkgroupName: undefined }),
      "ValidationException",
      "either WorkgroupName or ClusterIdentifier is required",
    ],
    [
      "two warehouses",
      () => execute("SELECT 1", { ...somewhere, ClusterIdentifier: "films" }),
      "ValidationException",
      "either WorkgroupName or ClusterIdentifier is required",
    ],
    [
      "no database",
      () => execute("SELECT 1", { ...somewhere, Database: undefined }),
      "ValidationException",
      "Sql and Database are required",
    ],
    [
      "no secret",
      () => execute("SELECT 1", { ...somewhere, SecretArn: undefined }),
      "ValidationException",
      "statements run with SecretArn only",
    ],
    [
      "a statement that nobody ran",
      () => client.send(new DescribeStatementCommand({ Id: "none" })),
      "ResourceNotFoundException",
      "Query does not exist.",
    ],
    [
      "another operation",
      () => client.send(new ListStatementsCommand({})),
      "UnknownOperationException",
      "does not know RedshiftData.ListStatements",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await failure(call());
      expect(error.name).to.equal(name);
      expect(error.message).to.include(message);
    });
  }
});
