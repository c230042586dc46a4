import { expect } from "chai";
import { type Graph, graph } from "../support/graph.ts";
import { policyStatements, type Statement } from "../support/policies.ts";

/** The actions for which AWS knows no resource narrower than all. */
const forAllResources = ["redshift-data:DescribeStatement", "dynamodb:ListStreams"];

for (const stack of ["dev", "prod"] as const)
  describe(`the policies of the ${stack} stack`, () => {
    let made: Graph;
    let statements: readonly Statement[];
    before(async () => {
      made = await graph({ stack });
      statements = policyStatements(made);
    });

    it("name every action, without a wildcard", () => {
      expect(statements.length).to.be.greaterThan(20);
      expect(
        statements.filter(({ actions }) => actions.length === 0 || actions.some((action) => /[*?]/.test(action))),
      ).to.deep.equal([]);
    });

    it("name every resource, but for actions that AWS has no narrower one for", () => {
      const wide = statements.filter(({ resources }) => resources.includes("*")).flatMap(({ actions }) => actions);
      expect([...new Set(wide)]).to.have.members(forAllResources);
    });

    it("are inline, one for each role, and no managed policy is attached", () => {
      const roles = made.of("aws:iam/role:Role");
      expect(made.of("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.role)).to.have.members(
        roles.map(({ name }) => `${name}-1234567`),
      );
      expect(made.resources.filter(({ type }) => /policyAttachment/i.test(type))).to.deep.equal([]);
      for (const { inputs } of roles) expect(inputs).to.have.all.keys("assumeRolePolicy");
    });

    it("let every queue be reached over TLS only", () => {
      const queues = made.of("aws:sqs/queue:Queue").map(({ name }) => name);
      const denials = statements.filter(({ on }) => on.startsWith("aws:sqs/queuePolicy"));
      expect(denials.map(({ on }) => on)).to.have.members(
        queues.map((name) => `aws:sqs/queuePolicy:QueuePolicy ${name}-policy`),
      );
      for (const { effect, actions, condition } of denials) {
        expect(effect).to.equal("Deny");
        expect(actions).to.have.lengthOf(7);
        expect(actions).to.include.members(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]);
        expect(condition).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
      }
    });
  });
