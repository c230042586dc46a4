import { expect } from "chai";
import { consumer } from "../../handlers/core/consumer.ts";
import type { Change, Deliver } from "../../handlers/core/contract.ts";
import { isRefusal } from "../../handlers/core/errors.ts";
import { persistently } from "../../handlers/core/requests.ts";
import { groupMessages } from "../../handlers/messages/groups.ts";
import { message } from "../../handlers/messages/message.ts";
import { sendInOrder } from "../../handlers/messages/send-in-order.ts";
import { functionSchema } from "../../infra/settings/function.ts";
import { mappingSchema } from "../../infra/settings/mapping.ts";
import type { FailureRecord } from "../../local/engine/mapping/give-up.ts";
import { startMapping } from "../../local/engine/mapping/mapping.ts";
import { backoff } from "../../local/engine/mapping/retry.ts";
import { mappingSettings } from "../../local/engine/mapping/settings.ts";
import { seededRandom } from "../../local/engine/seeded-random.ts";
import { FakeStream } from "../local/engine/mapping/support/stream.ts";
import { VirtualClock } from "./virtual-clock.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** When `FakeStream` says that its records were made. */
const start = 1_700_000_000_000;

const refusals = new Set(["ValidationException"]);

/** A destination that is down for a while, and refuses what has the key `poison`. */
class Sink {
  readonly arrived: Change[] = [];
  calls = 0;
  readonly #down: (now: number) => boolean;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, down: (now: number) => boolean) {
    this.#clock = clock;
    this.#down = down;
  }

  async write(changes: readonly Change[]): Promise<void> {
    this.calls++;
    await this.#clock.sleep(10);
    if (this.#down(this.#clock.now())) {
      throw Object.assign(new Error("not now"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } });
    }
    for (const { keys } of changes) {
      if (keys.id!.S === "poison") {
        throw Object.assign(new Error("never"), { name: "ValidationException", $metadata: { httpStatusCode: 400 } });
      }
    }
    this.arrived.push(...changes);
  }
}

/** Delivers one change after the other, as the replica does with a key's. */
const oneByOne =
  (sink: Sink): Deliver =>
  async (changes, call) => {
    const failed: Change[] = [];
    for (const change of changes) {
      await persistently(call, refusals, () => sink.write([change])).catch((error) => {
        call.explain(change, error.message);
        failed.push(change);
      });
    }
    return failed;
  };

/** Delivers as to a FIFO queue. */
const inOrder =
  (sink: Sink): Deliver =>
  (changes, call) => {
    const limits = { service: "the sink", bytes: 1_048_576, count: 10 };
    const groups = groupMessages(
      changes.map((change) => message(change, { images: "typed", mostBytes: limits.bytes })),
      true,
    );
    return sendInOrder(groups, { limits, mostRequests: 4, holdsBack: true }, call, {
      store: async () => "no message is large",
      async send(batch) {
        const failed = await sink.write(batch.map(({ change }) => change)).then(
          () => [],
          (error) => batch.map((one) => [one, failureOf(error)] as const),
        );
        return new Map(failed);
      },
    });
  };

function failureOf(error: Error) {
  const refused = isRefusal(error, refusals);
  return { reason: error.message, refused, unavailable: !refused };
}

interface Simulation {
  /** Of all chance in it: the pauses of the handler and of the mapping. */
  readonly seed: number;
  readonly keys: readonly string[];
  readonly deliver: (sink: Sink) => Deliver;
  readonly down?: (now: number) => boolean;
}

/** Sends the keys' changes through the real core and a mapping with the defaults, on a clock that nobody has to wait for. */
async function simulate({ seed, keys, deliver, down = () => false }: Simulation) {
  const random = seededRandom(seed);
  const clock = new VirtualClock(start);
  const sink = new Sink(clock, (now) => down(now - start));
  const given: { readonly keys: string[]; readonly attempts: number; readonly after: number }[] = [];
  let invocations = 0;
  const lines: Record<string, unknown>[] = [];
  const timeout = functionSchema.parse({}).timeout * second;
  const handler = consumer(
    { sink: () => deliver(sink) },
    { sink: { kind: "sink", settings: {} } },
    {},
    {
      environment: {},
      write: (line) => lines.push(JSON.parse(line)),
      clock,
      random,
    },
  );
  const stream = new FakeStream();
  stream.addShard("shard");
  for (const key of keys) stream.write("shard", key);
  const mapping = startMapping({
    uuid: "mapping",
    functionArn: "arn:aws:lambda:eu-west-1:000000000000:function:films",
    streamArn: "arn:aws:dynamodb:eu-west-1:000000000000:table/films/stream/1",
    region: "eu-west-1",
    settings: mappingSettings({
      // the stand-in for the stream gives two records a read, which would be a batch of their own
      ...mappingSchema.parse({ maximumBatchingWindowInSeconds: 1 }),
      functionResponseTypes: ["ReportBatchItemFailures"],
    }),
    streams: stream.client,
    clock,
    pollInterval: minute,
    backoff: (failures) => backoff(failures, random()),
    async invoke(event) {
      invocations++;
      const end = clock.now() + timeout;
      const context = {
        functionName: "films",
        awsRequestId: String(invocations),
        getRemainingTimeInMillis: () => end - clock.now(),
      };
      try {
        const payload = await handler(event, context);
        return { payload, functionError: null, requestId: context.awsRequestId };
      } catch {
        return { payload: null, functionError: "Unhandled" as const, requestId: context.awsRequestId };
      } finally {
        expect(clock.now(), "the function timed out").to.be.lessThan(end);
      }
    },
    async sendToFailureDestination(record: FailureRecord, { Records }) {
      given.push({
        keys: Records.map(({ dynamodb }) => dynamodb!.Keys!.id!.S!),
        attempts: record.requestContext.approximateInvokeCount,
        after: clock.now() - start,
      });
    },
  });
  await mapping.idle();
  await mapping.stop();
  const arrived = sink.arrived.map(({ keys }) => keys.id!.S!);
  return { arrived, lines, changes: sink.arrived, calls: sink.calls, given, invocations, after: clock.now() - start };
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => String(i));

// Outages end in the middle of an invocation's time, never at its edge: there chance would decide which one meets the end.
describe("an outage, with the defaults", () => {
  const runs = Object.entries({ oneByOne, inOrder }).flatMap(([kind, deliver]) =>
    [1, 2, 3].map((seed) => ({ kind, deliver, seed })),
  );
  for (const { kind, deliver, seed } of runs) {
    describe(`${kind}, seed ${seed}`, () => {
      it("of an hour is waited out: nothing goes to the failure queue, and the order holds", async () => {
        const keys = Array.from({ length: 150 }, (_, i) => String(i % 40));
        const { changes, calls, given, invocations, after } = await simulate({
          seed,
          keys,
          deliver,
          down: (t) => t < hour,
        });
        expect(given).to.deep.equal([]);
        expect(changes).to.have.length(keys.length);
        for (const history of Map.groupBy(changes, ({ keyHash }) => keyHash).values()) {
          const versions = history.map(({ version }) => version);
          expect(versions).to.deep.equal(versions.toSorted());
          expect(new Set(versions).size).to.equal(versions.length);
        }
        expect(after).to.be.within(hour, hour + 2 * minute);
        expect(invocations).to.be.at.most(10);
        // Five calls a minute, besides the quick ones at the beginning of an invocation and those that succeed.
        expect(calls).to.be.lessThan(keys.length + 4 * 60 * 10);
      });

      it("of 80 minutes spares even a change that is alone", async () => {
        const { arrived, given, invocations } = await simulate({
          seed,
          keys: ["a"],
          deliver,
          down: (t) => t < 80 * minute,
        });
        expect(given).to.deep.equal([]);
        expect(arrived).to.deep.equal(["a"]);
        expect(invocations).to.equal(6);
      });

      it("is reported in the log while it lasts: after half a minute, and every five minutes", async () => {
        const { lines } = await simulate({ seed, keys: ["a"], deliver, down: (t) => t < 14 * minute });
        const [first, ...later] = lines.filter(({ message }) => message === "waiting for a destination");
        expect(first).to.include({ level: "WARN", functionName: "films", requestId: "1", destination: "sink" });
        expect(first!.reason).to.match(/not now$/);
        expect(first!.seconds).to.be.within(30, 60);
        expect(later).to.have.length(2);
        for (const [i, { seconds }] of later.entries()) expect(seconds).to.be.within(330 + 300 * i, 400 + 330 * i);
      });

      it("of six hours gives up few changes, and only the first", async () => {
        const { arrived, given } = await simulate({ seed, keys: ids(100), deliver, down: (t) => t < 6 * hour });
        expect(given.map(({ keys }) => keys)).to.deep.equal([["0"], ["1"]]);
        expect(given[0]!.after).to.be.within(3.2 * hour, 3.3 * hour);
        expect(arrived.toSorted()).to.deep.equal(ids(100).slice(2).toSorted());
      });

      it("does not keep a poison change: it is given up within a minute, after six attempts, and alone", async () => {
        const keys = ids(100).with(60, "poison");
        const { arrived, given, invocations } = await simulate({ seed, keys, deliver });
        expect(given.map((one) => [one.keys, one.attempts])).to.deep.equal([[["poison"], 6]]);
        expect(given[0]!.after).to.be.lessThan(minute);
        expect(arrived.filter((key, i) => arrived.indexOf(key) === i)).to.have.length(99);
        expect(invocations).to.be.at.most(1 + 2 * 7 + 6);
      });

      it("with a poison change in it ends with that change alone in the failure queue", async () => {
        const keys = ids(100).with(60, "poison");
        const { arrived, given } = await simulate({ seed, keys, deliver, down: (t) => t < hour });
        expect(given.map((one) => one.keys)).to.deep.equal([["poison"]]);
        expect(new Set(arrived).size).to.equal(99);
        expect(given[0]!.after).to.be.within(hour, hour + 2 * minute);
      });
    });
  }
});
