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
      made = await graph({ stack, config: { alarms: { email: "operators@example.com" } } });
      statements = policyStatements(made);
    });

    it("name every action that they allow, without a wildcard", () => {
      const allowing = statements.filter(({ effect }) => effect === "Allow");
      expect(allowing.length).to.be.greaterThan(10);
      expect(
        allowing.filter(({ actions }) => actions.length === 0 || actions.some((action) => /[*?]/.test(action))),
      ).to.deep.equal([]);
    });

    it("let services assume roles for this account alone, by what each of them says of it", () => {
      const trusts = statements.filter(({ on }) => on.startsWith("aws:iam/role:Role"));
      const condition = { lambda: "aws:SourceAccount", firehose: "sts:ExternalId" };
      for (const { on, actions, principal, condition: given } of trusts) {
        const service = /^(\w+)\.amazonaws\.com$/.exec((principal as { Service: string }).Service)?.[1];
        expect(service, on).to.be.oneOf(Object.keys(condition));
        expect(actions).to.deep.equal(["sts:AssumeRole"]);
        const key = condition[service as keyof typeof condition];
        expect(given, on).to.deep.equal({ StringEquals: { [key]: "111122223333" } });
      }
      expect(trusts).to.have.lengthOf(made.of("aws:iam/role:Role").length);
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

    // SNS takes no wildcard in a topic's policy, so a topic's denial names what is done with it.
    for (const [what, thing, policy, actions] of [
      ["queue", "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy", ["sqs:*"]],
      ["bucket", "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", ["s3:*"]],
      ["topic", "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy", ["sns:Publish"]],
    ] as const)
      it(`deny every ${what} to whoever comes without TLS, whatever they want to do`, () => {
        const denials = statements.filter(({ on, effect }) => on.startsWith(policy) && effect === "Deny");
        const things = made.of(thing);
        expect(things).to.not.be.empty;
        expect(denials).to.have.lengthOf(things.length);
        for (const { name } of things) {
          const own = denials.filter(
            ({ on }) => on === `${policy} ${name}-policy` || on === `${policy} ${name}-tls-only`,
          );
          expect(
            own.map((denial) => denial.actions),
            name,
          ).to.deep.equal([actions]);
        }
        for (const { principal, condition } of denials) {
          expect(principal).to.deep.equal(what === "bucket" ? { AWS: "*" } : "*");
          expect(condition).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
        }
      });
  });
