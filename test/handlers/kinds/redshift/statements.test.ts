import { createHash } from "node:crypto";
import { json } from "node:stream/consumers";
import { expect } from "chai";
import { statements } from "../../../../handlers/kinds/redshift/statements.ts";
import { type LoopbackServer, startLoopbackServer } from "../../../../local/engine/loopback.ts";
import { withEnvironment } from "../../environment.ts";

type Answer = { readonly status?: number; readonly body: Record<string, unknown> };

const target = { WorkgroupName: "films", Database: "fanout", SecretArn: "arn:aws:secretsmanager:::secret:admin" };
const conflict = "ERROR: 1023 could not complete because of conflict with concurrent transaction";
const finished: Answer = { body: { Status: "FINISHED" } };
const denied: Answer = { status: 400, body: { __type: "AccessDeniedException", message: "not yet" } };
const failed = (reason: string): Answer => ({ body: { Status: "FAILED", Error: reason } });

describe("the function that prepares a warehouse", () => {
  let server: LoopbackServer;
  let restore: () => void;
  /** What was asked, in order, and how long was waited in between. */
  let seen: unknown[] = [];
  /** What the service answers to the questions that follow, and for ever as last. */
  let describing: Answer[] = [];
  let executing: Answer[] = [];
  before(async () => {
    server = await startLoopbackServer(async (request, response) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1];
      const { ClientToken: _, ...input } = (await json(request)) as Record<string, unknown>;
      seen.push(operation === "ExecuteStatement" ? input : `${operation} ${input.Id}`);
      const script = operation === "ExecuteStatement" ? executing : describing;
      const { status = 200, body } = script.length > 1 ? script.shift()! : script[0]!;
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
    restore = withEnvironment({ AWS_ENDPOINT_URL_REDSHIFT_DATA: server.endpoint });
  });
  after(async () => {
    restore();
    await server.stop();
  });
  beforeEach(() => {
    seen = [];
    describing = [finished];
    executing = [{ body: { Id: "one" } }];
  });

  /** The function as it is deployed with these statements. */
  function deployed(...known: readonly string[]) {
    const digests = known.map((sql) => createHash("sha256").update(sql).digest("hex"));
    const STATEMENTS = JSON.stringify({ target, known: digests });
    const pause = async (milliseconds: number) => void seen.push(milliseconds);
    return statements({ environment: { STATEMENTS }, pause, write: (line) => void seen.push(line) });
  }
  const failureOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "it did not fail",
      ({ message }: Error) => message,
    );

  it("runs one statement after the other, each to its end", async () => {
    describing = [{ body: { Status: "SUBMITTED" } }, { body: { Status: "STARTED" } }, finished];
    expect(await deployed("A", "B")({ statements: ["A", "B"] })).to.deep.equal({ statements: 2 });
    expect(seen).to.deep.equal([
      { ...target, Sql: "A" },
      "DescribeStatement one",
      1000,
      "DescribeStatement one",
      1000,
      "DescribeStatement one",
      '{"level":"INFO","ran":"A"}',
      { ...target, Sql: "B" },
      "DescribeStatement one",
      '{"level":"INFO","ran":"B"}',
    ]);
  });

  it("runs nothing where one of the statements is none that it was deployed with", async () => {
    const message = await failureOf(deployed("A", "B")({ statements: ["A", "DROP TABLE films"] }));
    expect(message).to.equal("Statement 2 is none of those that this function was deployed with.");
    expect(seen).to.deep.equal([]);
  });

  it("says what the warehouse says about the first that fails, without its literals, and runs no further one", async () => {
    const call = "CALL sp('loader',\n 'sha256|it''s \\' secret')";
    describing = [failed("ERROR: permission denied")];
    const message = await failureOf(deployed(call, "B")({ statements: [call, "B"] }));
    expect(message).to.equal("ERROR: permission denied, in the statement: CALL sp('...', '...')");
    expect(seen).to.have.length(2);
    describing = [{ body: { Status: "ABORTED" } }];
    expect(await failureOf(deployed("B")({ statements: ["B"] }))).to.equal("ABORTED, in the statement: B");
  });

  for (const [what, answers] of [
    ["another transaction is in the way", () => (describing = [failed(conflict), failed(conflict), finished])],
    ["its role's rights are still on their way", () => (executing = [denied, denied, { body: { Id: "one" } }])],
  ] as const) {
    it(`tries again, ever later, while ${what}`, async () => {
      answers();
      expect(await deployed("A")({ statements: ["A"] })).to.deep.equal({ statements: 1 });
      expect(seen.filter((one) => typeof one === "number")).to.deep.equal([1000, 2000]);
      expect(seen.filter((one) => typeof one === "object")).to.have.length(3);
    });
  }

  it("gives up after 15 seconds", async () => {
    executing = [denied];
    expect(await failureOf(deployed("A")({ statements: ["A"] }))).to.equal("not yet");
    expect(seen.filter((one) => typeof one === "number")).to.deep.equal([1000, 2000, 3000, 4000, 5000]);
  });
});
