import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import type { ClaimSettings } from "../../../../handlers/core/claim-check.ts";
import type { Deliver } from "../../../../handlers/core/contract.ts";
import { connect } from "../../../../handlers/kinds/sqs.ts";
import { acceptAstralCharacters } from "../../../../local/engine/world/fauxqs.ts";
import { type ClaimStore, startClaimStore } from "../../../support/claim-store.ts";
import { type Faults, startFaults } from "../../../support/faults.ts";
import { change } from "../../changes.ts";
import { withEnvironment } from "../../environment.ts";

/** What a test wants of a destination. */
export interface Wanted {
  readonly fifo: boolean;
  readonly images?: "typed" | "plain";
  /** Where oversize changes go; true for a bucket that exists. */
  readonly claims?: boolean | ClaimSettings;
  /** The most bytes that the queue itself takes. */
  readonly maximumMessageSize?: number;
  /** Whether the handler is told of that. @default false */
  readonly told?: boolean;
  /** Whether there is no such queue. */
  readonly missing?: boolean;
}

/** A destination with a queue of its own. */
export interface Destination {
  readonly deliver: Deliver;
  /** All that has arrived so far, in order of arrival. */
  arrived(): Promise<readonly Message[]>;
  /** The bodies, parsed, of what has arrived from the given place on. */
  bodies(from?: number): Promise<Body[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: what a test expects of a body is its own matter
export type Body = any;

/** SQS and S3, with faults on the way to both. */
export interface Queues {
  readonly faults: Faults;
  readonly store: ClaimStore;
  destination(wanted: Wanted): Destination;
  /** The body that a message has, or points to. */
  whole(body: Body): Promise<Body>;
  stop(): Promise<void>;
}

/** Starts both; handlers find them through the environment until they are stopped. */
export async function startQueues(seed: number): Promise<Queues> {
  await acceptAstralCharacters();
  const fauxqs = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
  const endpoint = `http://127.0.0.1:${fauxqs.port}`;
  const faults = await startFaults(endpoint, seed);
  const store = await startClaimStore(seed + 10);
  const restore = withEnvironment({ AWS_ENDPOINT_URL_SQS: faults.endpoint, AWS_ENDPOINT_URL_S3: store.endpoint });
  const client = new SQSClient({ endpoint, useQueueUrlAsEndpoint: false });
  let queues = 0;

  const queue = ({ fifo, maximumMessageSize, missing = false }: Wanted): string => {
    const name = `queue-${queues++}${fifo ? ".fifo" : ""}`;
    if (missing) return `${endpoint}/000000000000/${name}`;
    const attributes = {
      ...(fifo && { FifoQueue: "true" }),
      ...(maximumMessageSize !== undefined && { MaximumMessageSize: String(maximumMessageSize) }),
    };
    return fauxqs.createQueue(name, { attributes }).queueUrl;
  };

  const receiveAll = async (QueueUrl: string, arrived: Message[]) => {
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      if (Messages.length === 0) return;
      arrived.push(...Messages);
      const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };

  return {
    faults,
    store,
    destination(wanted) {
      const { fifo, images = "typed", claims = false, told = false, maximumMessageSize } = wanted;
      const queueUrl = queue(wanted);
      const bucket = claims === true ? store.claims : claims;
      const messages: Message[] = [];
      const arrived = async () => {
        await receiveAll(queueUrl, messages);
        return messages;
      };
      return {
        deliver: connect({
          ...{ queueUrl, fifo, images },
          ...(bucket && { claims: bucket }),
          ...(told && maximumMessageSize !== undefined && { maximumMessageSize }),
        }),
        arrived,
        bodies: async (from = 0) => (await arrived()).slice(from).map(({ Body }) => JSON.parse(Body!)),
      };
    },
    whole: async (body) => (body.claimCheck === undefined ? body : JSON.parse(await store.read(body.claimCheck.key))),
    async stop() {
      restore();
      client.destroy();
      await store.stop();
      await faults.stop();
      await fauxqs.stop();
    },
  };
}

/** A change whose message is too large for SQS. */
export function tooLarge(id: string) {
  return change({ id, after: { binary: { B: new Uint8Array(800_000) } } });
}
