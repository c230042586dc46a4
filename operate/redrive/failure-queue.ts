import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
}

/** Seconds for which nobody else sees what was received; extended at half time, for as long as the work takes. */
const visibilityTimeout = 600;

/** The most messages that one call of SQS receives or changes. */
const batchSize = 10;

/** All messages of a queue, received: nobody else sees them until each is deleted or released. */
export class FailureQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;
  readonly #handles = new Map<string, string>();
  readonly #messages = new Map<string, ReceivedMessage>();
  readonly #extending: NodeJS.Timeout;
  #extension: Promise<void> = Promise.resolve();

  /**
   * Receives every message. If that fails halfway, those that it has are released.
   * @param wait seconds to wait for a message before the queue counts as empty
   * @param signal ends it early, as a failure
   */
  static async receiveAll(sqs: SQSClient, url: string, wait: number, signal?: AbortSignal): Promise<FailureQueue> {
    const queue = new FailureQueue(sqs, url);
    try {
      await queue.#receive(wait, signal);
      return queue;
    } catch (error) {
      await queue.release();
      throw error;
    }
  }

  private constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
    this.#extending = setInterval(() => {
      this.#extension = this.#changeVisibility(visibilityTimeout);
      this.#extension.catch(() => {}); // the next `delete` throws it
    }, visibilityTimeout * 500).unref();
  }

  /** Those that were received and are neither deleted nor released. */
  get messages(): readonly ReceivedMessage[] {
    return [...this.#messages.values()];
  }

  /** Takes messages off the queue for good. */
  async delete(ids: readonly string[]): Promise<void> {
    await this.#extension;
    await this.#inBatches(ids, async (Entries) => {
      const { Failed } = await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      return Failed;
    });
    for (const id of ids) this.#forget(id);
  }

  /** Lets others see again what was not deleted. */
  async release(): Promise<void> {
    clearInterval(this.#extending);
    await this.#extension.catch(() => {}); // what could not be hidden any longer is seen again, which is the aim
    await this.#changeVisibility(0);
    for (const id of [...this.#handles.keys()]) this.#forget(id);
  }

  async #receive(wait: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: batchSize,
          VisibilityTimeout: visibilityTimeout,
          WaitTimeSeconds: wait,
        }),
      );
      if (Messages.length === 0) return;
      for (const { MessageId: id, Body: body = "", ReceiptHandle } of Messages) {
        this.#messages.set(id!, { id: id!, body });
        this.#handles.set(id!, ReceiptHandle!);
      }
    }
  }

  async #changeVisibility(VisibilityTimeout: number): Promise<void> {
    await this.#inBatches([...this.#handles.keys()], async (entries) => {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout }));
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
      const { Failed } = await this.#sqs.send(command);
      return VisibilityTimeout === 0 ? [] : Failed; // what cannot be released is seen already
    });
  }

  async #inBatches(
    ids: readonly string[],
    call: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<readonly BatchResultErrorEntry[] | undefined>,
  ): Promise<void> {
    for (let at = 0; at < ids.length; at += batchSize) {
      const entries = ids
        .slice(at, at + batchSize)
        .map((id, i) => ({ Id: String(i), ReceiptHandle: this.#handles.get(id)! }));
      const [failed] = (await call(entries)) ?? [];
      if (failed !== undefined) throw new Error(`${this.#url} did not take a change of a message: ${failed.Message}`);
    }
  }

  #forget(id: string): void {
    this.#handles.delete(id);
    this.#messages.delete(id);
  }
}
