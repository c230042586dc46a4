import { counted } from "../../terminal/text.ts";
import type { Consumer, TargetStack } from "../stack/outputs.ts";
import { toEventRecord } from "../stream/event-record.ts";
import { type MappingFacts, mappingFacts, type RecordFailure } from "./consumer-function.ts";
import { type EventRecord, type FailedBatch, type FailedRange, readFailure } from "./failure-message.ts";
import { FailureQueue } from "./failure-queue.ts";
import { covers, mergeRanges } from "./ranges.ts";
import { type FoundRange, readRange } from "./read-range.ts";
import { type ConsumerResult, type NotUnderstood, RecordTally, type Trimmed } from "./result.ts";
import { Sender } from "./sender.ts";

export interface ConsumerRedriveOptions {
  /** Whether to read only. */
  readonly dryRun: boolean;
  /** Ends the work between two invocations; the messages that are left are released. */
  readonly signal: AbortSignal;
  /** Called with how far it is. */
  progress(detail: string): void;
}

/** A message that is understood. */
interface Message extends FailedBatch {
  readonly id: string;
}

/** A range of records that are being sent, and what is known of it. */
interface RangeUnderWay {
  readonly messages: readonly Message[];
  /** What could be read; undefined while reading is under way. */
  found?: readonly FoundRange[];
  /** Records that are on their way. */
  open: number;
  /** Sequence numbers of the records that failed. */
  readonly failed: string[];
}

/** Brings back what lies in one consumer's failure queue. */
export async function redriveConsumer(
  consumer: Consumer,
  target: TargetStack,
  options: ConsumerRedriveOptions,
): Promise<ConsumerResult> {
  const { sqs, lambda } = target.clients;
  const mapping = await mappingFacts(lambda, consumer.mapping);
  const queue = await FailureQueue.receiveAll(sqs, consumer.queueUrl, target.wait, options.signal);
  try {
    return await new ConsumerRedrive(consumer, target, mapping, queue, options).run();
  } finally {
    await queue.release();
  }
}

class ConsumerRedrive {
  readonly #consumer: Consumer;
  readonly #target: TargetStack;
  readonly #mapping: MappingFacts;
  readonly #queue: FailureQueue;
  readonly #options: ConsumerRedriveOptions;
  readonly #sender: Sender;
  readonly #rangeOf = new Map<EventRecord, RangeUnderWay>();
  readonly #tally = new RecordTally();
  readonly #trimmed: Trimmed[] = [];

  constructor(
    consumer: Consumer,
    target: TargetStack,
    mapping: MappingFacts,
    queue: FailureQueue,
    options: ConsumerRedriveOptions,
  ) {
    this.#consumer = consumer;
    this.#target = target;
    this.#mapping = mapping;
    this.#queue = queue;
    this.#options = options;
    this.#sender = new Sender({
      lambda: target.clients.lambda,
      functionArn: mapping.functionArn,
      ordered: consumer.ordered,
      settled: (record, failures) => this.#settled(record, failures),
    });
  }

  async run(): Promise<ConsumerResult> {
    const messages = this.#queue.messages.length;
    const { understood, notUnderstood } = this.#understand();
    const stored = understood.filter(({ payload }) => payload !== undefined);
    const ranges = [
      ...mergeRanges(understood.filter(({ payload }) => payload === undefined)),
      // A message that has its records itself needs no other's.
      ...stored.flatMap((message) => mergeRanges([message])),
    ].toSorted((a, b) => (BigInt(a.first) < BigInt(b.first) ? -1 : 1));
    for (const { parts, ...range } of ranges) {
      const underWay: RangeUnderWay = { messages: parts, open: 0, failed: [] };
      const payload = parts[0]?.payload;
      if (payload === undefined) {
        underWay.found = await this.#read(range, underWay);
      } else {
        for (const record of payload) await this.#send(record, underWay);
        underWay.found = [range];
      }
      await this.#close(underWay);
    }
    await this.#sender.flush();
    return {
      destinations: this.#consumer.destinations,
      function: this.#consumer.function,
      failureQueue: this.#consumer.queueUrl,
      messages,
      ...this.#tally.result,
      trimmed: this.#trimmed,
      notUnderstood,
      discarded: 0,
      left: this.#queue.messages.length,
    };
  }

  #understand() {
    const understood: Message[] = [];
    const notUnderstood: NotUnderstood[] = [];
    for (const { id, body } of this.#queue.messages) {
      const read = readFailure(body, this.#consumer.function);
      if ("problem" in read) notUnderstood.push({ messageId: id, problem: read.problem });
      else understood.push({ ...read, id });
    }
    return { understood, notUnderstood };
  }

  async #read(range: FailedRange, underWay: RangeUnderWay): Promise<readonly FoundRange[]> {
    const origin = { eventSourceArn: range.streamArn, region: this.#target.region };
    const pages = readRange(this.#target.clients.streams, range);
    for (;;) {
      const page = await pages.next();
      if (page.done) return page.value;
      this.#options.signal.throwIfAborted(); // also where filters pass over everything
      for (const read of page.value) {
        const record = toEventRecord(read, origin);
        if (!this.#mapping.passes(record)) this.#tally.addFilteredOut();
        else await this.#send(record as unknown as EventRecord, underWay);
      }
    }
  }

  async #send(record: EventRecord, range: RangeUnderWay): Promise<void> {
    this.#options.signal.throwIfAborted();
    if (this.#options.dryRun) return this.#tally.addSent([]);
    range.open++;
    this.#rangeOf.set(record, range);
    await this.#sender.send(record);
  }

  async #settled(record: EventRecord, failures: readonly RecordFailure[]): Promise<void> {
    const range = this.#rangeOf.get(record)!;
    this.#rangeOf.delete(record);
    range.open--;
    const at = record.dynamodb.SequenceNumber;
    if (failures.length > 0) range.failed.push(at);
    const messages = range.messages.filter((message) => covers(message, at)).map(({ id }) => id);
    this.#tally.addSent(failures, messages);
    this.#options.progress(`${counted(this.#tally.redriven, "record")} redriven`);
    await this.#close(range);
  }

  /** Deals with a range's messages, once all of its records are read and none is on its way. */
  async #close({ messages, found, open, failed }: RangeUnderWay): Promise<void> {
    if (found === undefined || open > 0) return;
    const delivered: string[] = [];
    for (const { id, shardId, first, last, arrived, records } of messages) {
      const isWhole = found.some((one) => covers(one, first) && covers(one, last));
      if (!isWhole) this.#trimmed.push({ messageId: id, shardId, first, last, arrived, records });
      else if (!failed.some((one) => covers({ first, last }, one))) delivered.push(id);
    }
    if (!this.#options.dryRun) await this.#queue.delete(delivered);
  }
}
