import { expect } from "chai";
import type { Change } from "../../../handlers/core/contract.ts";
import { isRefusal, isRefusalCode } from "../../../handlers/core/errors.ts";
import { decodeImage } from "../../../handlers/core/image-json.ts";
import { refusals } from "../../../handlers/kinds/sqs.ts";
import { conformance, type MessagesSubject } from "../../support/conformance.ts";
import type { Fault } from "../../support/faults.ts";
import { oversizeConformance } from "../../support/oversize-conformance.ts";
import { serviceError } from "../service-error.ts";
import { type Body, type Destination, type Queues, startQueues, tooLarge } from "./sqs/queues.ts";

describe("sqs", () => {
  let queues: Queues;

  before(async () => {
    queues = await startQueues(3);
  });

  after(() => queues.stop());

  const subject = (ordered: boolean, { deliver, bodies }: Destination): MessagesSubject => ({
    deliver,
    fault(one: Fault) {
      queues.faults.set(one);
      queues.store.faults.set(one);
    },
    holds: "messages",
    ordered,
    arrived: async () => (await Promise.all((await bodies()).map(queues.whole))).map(changeOf),
  });

  for (const fifo of [true, false]) {
    const name = fifo ? "sqs, FIFO" : "sqs, standard";
    let plain: Destination;
    let withClaims: Destination;
    before(() => {
      plain = queues.destination({ fifo });
      withClaims = queues.destination({ fifo, claims: true });
    });
    const poison = { make: tooLarge, reason: /message of 1,0\d\d,\d{3} bytes exceeds the 1,048,576 that SQS takes/ };
    conformance(name, () => subject(fifo, plain), poison);
    oversizeConformance(name, () => subject(fifo, withClaims));
  }

  it("knows how SQS refuses, with and without a prefix", () => {
    for (const code of [
      "InvalidMessageContents",
      "InvalidParameterValue",
      "AWS.SimpleQueueService.BatchRequestTooLong",
    ]) {
      expect(isRefusalCode(code, refusals), code).to.equal(true);
      expect(isRefusal(serviceError(code), refusals), code).to.equal(true);
    }
    for (const code of [
      "KMS.ThrottlingException",
      "InternalError",
      "QueueDoesNotExist",
      "KmsAccessDenied",
      "NobodyKnows",
    ])
      expect(isRefusalCode(code, refusals), code).to.equal(false);
    for (const code of ["AccessDeniedException", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"])
      expect(isRefusal(serviceError(code), refusals), code).to.equal(false);
  });
});

function changeOf({
  keyHash,
  operation,
  version,
  after,
}: Body): Pick<Change, "keyHash" | "operation" | "version" | "after"> {
  return { keyHash, operation, version, ...(after && { after: decodeImage(after, "after") }) };
}
