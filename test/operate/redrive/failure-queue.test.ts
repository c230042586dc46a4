import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchCommandInput,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { FailureQueue } from "../../../operate/redrive/failure-queue.ts";

describe("operate/redrive/failure-queue.ts", () => {
  it("stops receiving messages when it is interrupted, and releases those that it has", async () => {
    const interrupt = new AbortController();
    let received = 0;
    const shown: (number | undefined)[] = [];
    const sqs = {
      async send(command: { readonly input: object }) {
        if (command instanceof ReceiveMessageCommand) {
          received += 1;
          if (received === 2) interrupt.abort(new Error("enough"));
          if (received > 2) return {}; // it has not stopped
          return { Messages: [{ MessageId: `m${received}`, Body: "b", ReceiptHandle: "r" }] };
        }
        expect(command).to.be.instanceOf(ChangeMessageVisibilityBatchCommand);
        const { Entries = [] } = command.input as ChangeMessageVisibilityBatchCommandInput;
        shown.push(...Entries.map(({ VisibilityTimeout }) => VisibilityTimeout));
        return {};
      },
    } as unknown as SQSClient;
    const problem = await FailureQueue.receiveAll(sqs, "queue", 0, interrupt.signal).catch(
      (error: Error) => error.message,
    );
    expect(problem).to.equal("enough");
    expect({ received, shown }).to.deep.equal({ received: 2, shown: [0, 0] });
  });
});
