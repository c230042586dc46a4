import { expect } from "chai";
import { connections, connectionsIn } from "../../support/connections.ts";
import { type Graph, graph } from "../../support/graph.ts";
import { policyStatements } from "../../support/policies.ts";
import { refusal } from "../../support/refusal.ts";

const source = { hashKey: { name: "id", type: "S" } };
const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders.fifo";
const url = "https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo";
const queues = { [url]: { maxMessageSize: 262_144 } };
const stack = (settings: object) => ({ source, destinations: { events: { kind: "sqs", ...settings } } });

describe("kind sqs", () => {
  it("makes a standard queue where asked for one", async () => {
    const made = await graph({
      config: stack({
        fifo: false,
        messageRetentionSeconds: 60,
        visibilityTimeoutSeconds: 0,
        maxReceiveCount: 1,
        images: "plain",
      }),
    });
    for (const name of ["fanout-events-queue", "fanout-events-dead-letters"]) {
      const { inputs } = made.named(name, "aws:sqs/queue:Queue");
      expect(inputs).to.not.have.any.keys("fifoQueue", "deduplicationScope", "fifoThroughputLimit");
      expect(inputs).to.include({ sqsManagedSseEnabled: true });
    }
    expect(made.named("fanout-events-queue", "aws:sqs/queue:Queue").inputs).to.include({
      messageRetentionSeconds: 60,
      visibilityTimeoutSeconds: 0,
      redrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:fanout-events-dead-letters-1234567","maxReceiveCount":1}',
    });
    const { events } = await connections(made, "fanout-events-function");
    expect(events!.settings).to.include({ fifo: false, images: "plain" });
  });

  it("sends to an existing queue, and makes none", async () => {
    const encryptionKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const made = await graph({ config: stack({ queueArn, encryptionKey }), queues });
    expect(made.of("aws:sqs/queue:Queue").map(({ name }) => name)).to.deep.equal(["fanout-events-failures"]);
    const { events } = await connections(made, "fanout-events-function");
    expect(events!.settings).to.deep.equal({
      queueUrl: url,
      fifo: true,
      images: "typed",
      maximumMessageSize: 262_144,
      claims: { bucket: "fanout-events-claims-1234567", prefix: "claims/" },
    });
    const { Statement } = JSON.parse(String(made.named("fanout-events-policy").inputs.policy));
    expect(Statement.slice(4)).to.deep.equal([
      { Sid: "Deliver0", Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [queueArn] },
      { Sid: "Deliver1", Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: [encryptionKey] },
      {
        Sid: "Deliver2",
        Effect: "Allow",
        Action: ["s3:PutObject"],
        Resource: ["arn:aws:s3:::fanout-events-claims-1234567/claims/*"],
      },
    ]);
    const { destinations } = made.outputs as { destinations: Record<string, { sink: unknown }> };
    expect(destinations.events?.sink).to.deep.equal({
      queueUrl: url,
      queueArn,
      claimBucket: "fanout-events-claims-1234567",
    });
  });

  it("keeps to what an existing queue takes: as it is asked at each deployment, a preview included, or as the stack says", async () => {
    const said = await graph({ config: stack({ queueArn, maximumMessageSize: 1024 }) });
    const asked = await graph({ config: stack({ queueArn }), queues, preview: true });
    const { coded } = await connectionsIn(said, "fanout-events-function");
    expect(coded.events?.settings.maximumMessageSize).to.equal(1024);
    expect((await connectionsIn(asked, "fanout-events-function")).coded.events?.late).to.deep.equal([
      ...[["queueUrl"], ["maximumMessageSize"], ["claims", "bucket"]],
    ]);
    const again = await connections(await graph({ config: stack({ queueArn }), queues }), "fanout-events-function");
    expect(again.events?.settings.maximumMessageSize).to.equal(262_144);
  });

  const claims = (made: Graph) => ({
    bucket: made.named("fanout-events-claims", "aws:s3/bucket:Bucket").inputs,
    ofBucket: Object.fromEntries(
      ["ownership", "encryption", "privacy", "lifecycle"].map((part) => {
        const { bucket, ...rest } = made.named(`fanout-events-claims-${part}`).inputs;
        expect(bucket).to.equal("fanout-events-claims-1234567");
        return [part, rest];
      }),
    ),
  });
  const incompleteUploads = {
    id: "incomplete-uploads",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  };

  it("has a private bucket for what no message can hold, which goes with the queue", async () => {
    const made = await graph({ config: stack({}) });
    expect(claims(made)).to.deep.equal({
      bucket: { forceDestroy: true },
      ofBucket: {
        ownership: { rule: { objectOwnership: "BucketOwnerEnforced" } },
        encryption: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        privacy: {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        lifecycle: {
          rules: [
            { id: "claims", status: "Enabled", filter: { prefix: "claims/" }, expiration: { days: 30 } },
            incompleteUploads,
          ],
        },
      },
    });
    const [denial, ...others] = policyStatements(made).filter(({ on }) => on.startsWith("aws:s3/"));
    expect(others).to.deep.equal([]);
    const arn = "arn:aws:s3:::fanout-events-claims-1234567";
    expect(denial).to.deep.include({ effect: "Deny", resources: [arn, `${arn}/*`] });
    expect(denial!.condition).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
    expect(denial!.actions).to.deep.equal(["s3:*"]);
    expect(made.named("fanout-events-mapping").waitsFor).to.include.members([
      "fanout-events-queue",
      ...["ownership", "encryption", "tls-only", "lifecycle"].map((part) => `fanout-events-claims-${part}`),
    ]);
    for (const { name, type, parent } of made.resources.filter(({ name }) => name.includes("-claims")))
      expect(parent).to.equal(type === "fanout:index:ClaimBucket" ? "fanout-events" : "fanout-events-claims", name);
  });

  it("keeps the bucket's objects as long as asked, under the key of an existing queue, whose messages outlive the stack", async () => {
    const encryptionKey = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";
    const { bucket, ofBucket } = claims(
      await graph({ config: stack({ queueArn, encryptionKey, claimCheckDays: 7 }), queues }),
    );
    expect(bucket).to.deep.equal({ forceDestroy: false });
    expect(ofBucket.encryption).to.deep.equal({
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: encryptionKey },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(ofBucket.lifecycle).to.deep.equal({
      rules: [
        { id: "claims", status: "Enabled", filter: { prefix: "claims/" }, expiration: { days: 7 } },
        incompleteUploads,
      ],
    });
  });

  for (const view of ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
    it(`has such a bucket where the stream's view type is ${view}, also in a preview`, async () => {
      const config = { ...stack({}), source: { ...source, streamViewType: view } };
      for (const preview of [false, true]) {
        const made = await graph({ config, preview });
        expect(made.of("aws:s3/bucket:Bucket").map(({ name }) => name)).to.deep.equal(["fanout-events-claims"]);
      }
    });

  it("has nothing of S3 where changes carry keys only", async () => {
    const made = await graph({ config: { ...stack({}), source: { ...source, streamViewType: "KEYS_ONLY" } } });
    expect(made.resources.filter(({ type, name }) => /s3|Claim/.test(type) || /claims/.test(name))).to.deep.equal([]);
    expect(policyStatements(made).filter(({ actions }) => actions.some((one) => one.startsWith("s3:")))).to.be.empty;
    const { events } = await connections(made, "fanout-events-function");
    expect(events!.settings).to.have.all.keys("queueUrl", "fifo", "images");
    const { destinations } = made.outputs as { destinations: Record<string, { sink: object }> };
    expect(destinations.events?.sink).to.not.have.property("claimBucket");
  });

  it("refuses to let a body expire before the message that points to it, dead letters included", async () => {
    const refused = (days: number, least: number, why: string) => [
      `destinations.events.claimCheckDays: ${days} is not allowed; expected at least ${least}, as ${why}`,
    ];
    const fifo = (seconds: number) =>
      `a message may wait in the queue for ${seconds} seconds, and then in its dead-letter queue for 1209600`;
    expect(await refusal(stack({ claimCheckDays: 17 }))).to.deep.equal(refused(17, 18, fifo(345_600)));
    expect(await refusal(stack({ claimCheckDays: 27, messageRetentionSeconds: 1_209_600 }))).to.deep.equal(
      refused(27, 28, fifo(1_209_600)),
    );
    expect(await refusal(stack({ claimCheckDays: 13, fifo: false }))).to.deep.equal(
      refused(13, 14, "a message may wait in the queue and its dead-letter queue until it is 1209600 seconds old"),
    );
    await graph({ config: stack({ claimCheckDays: 18 }) });
    await graph({ config: stack({ claimCheckDays: 14, fifo: false }) });
  });

  it("shares an existing queue with another destination only where nothing relies on the order", async () => {
    const both = (arn: string) => ({
      source,
      destinations: { events: { kind: "sqs", queueArn: arn }, again: { kind: "sqs", queueArn: arn } },
    });
    expect(await refusal(both(queueArn))).to.deep.equal([
      `destinations.again: would share the FIFO queue ${queueArn} with destinations.events; expected one of its own`,
    ]);
    const made = await graph({
      config: both(queueArn.replace(".fifo", "")),
      queues: { [url.replace(".fifo", "")]: { maxMessageSize: 262_144 } },
    });
    expect(made.of("aws:lambda/function:Function")).to.have.lengthOf(2);
  });

  it("refuses what does not go together", async () => {
    expect(
      await refusal(stack({ queueArn: queueArn.replace("us-east-1", "eu-west-1"), fifo: true, maxReceiveCount: 3 })),
    ).to.deep.equal([
      "destinations.events.fifo: says how to make a queue, but queueArn names one that exists; expected one of the two",
      "destinations.events.maxReceiveCount: says how to make a queue, but queueArn names one that exists; expected one of the two",
      "destinations.events.queueArn: the queue is in eu-west-1; expected one in the stack's Region us-east-1",
    ]);
    const elsewhere = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    expect(await refusal(stack({ queueArn, encryptionKey: elsewhere }))).to.deep.equal([
      "destinations.events.encryptionKey: the key is in eu-west-1; expected one in us-east-1, where the queue is",
    ]);
    expect(await refusal(stack({ encryptionKey: "alias/mine", queueArn: "orders" }))).to.deep.equal([
      'destinations.events.queueArn: "orders" is not allowed; expected the ARN of a queue in the stack\'s Region, such as arn:aws:sqs:us-east-1:111122223333:orders.fifo',
      'destinations.events.encryptionKey: "alias/mine" is not allowed; expected the ARN of a KMS key, such as arn:aws:kms:us-east-1:111122223333:key/1234abcd-...',
    ]);
    const ofExisting = { encryptionKey: "arn:aws:kms:us-east-1:111122223333:key/1234abcd", maximumMessageSize: 1024 };
    expect(await refusal(stack(ofExisting))).to.deep.equal([
      "destinations.events.encryptionKey: is for an existing queue (queueArn); a new queue is encrypted with SQS's own key",
      "destinations.events.maximumMessageSize: is for an existing queue (queueArn); a new queue takes 1048576, the most that SQS allows",
    ]);
    expect(await refusal(stack({ queueArn, maximumMessageSize: 1023 }))).to.deep.equal([
      "destinations.events.maximumMessageSize: 1023 is not allowed; expected a whole number from 1024 to 1048576",
    ]);
  });
});
