import { readersOf } from "../engine/cost/cost.ts";
import type { LocalKind } from "../kind.ts";

/** A queue, which fauxqs stands in for. */
export const sqs: LocalKind = {
  soak: {
    settings: { mapping: { batchSize: 1_000 } },
    empty: async () => {}, // its verification has taken the messages
  },
  readers: ({ service, operation, units, calls }) =>
    service === "sqs" && operation.startsWith("SendMessage") ? readersOf(units, calls) : {},
  receive: ({ queueUrl }) => `import { SQSClient, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
const from = { QueueUrl: "${queueUrl}", WaitTimeSeconds: 10 };
console.log((await new SQSClient().send(new ReceiveMessageCommand(from))).Messages);
`,
};
