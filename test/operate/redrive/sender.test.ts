import type { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import fc from "fast-check";
import type { EventRecord } from "../../../operate/redrive/failure-message.ts";
import { Chunk, limits, Sender } from "../../../operate/redrive/sender.ts";

interface Invocation {
  readonly sent: string[];
  readonly patience: number;
}

/** A function's answer to records, by their sequence numbers; a string is the error that the function fails with. What it throws is Lambda's. */
type Answer = (sent: readonly string[]) => unknown;

const fail = (...numbers: string[]) => ({
  batchItemFailures: [],
  failures: numbers.map((sequenceNumber) => ({ sequenceNumber, destination: "copy", reason: "no" })),
});

/** Sends records `<key><number>`, each of which may be marked to be flushed after it; says what came of it. */
async function send(records: readonly string[], answer: Answer, { ordered = [] as string[], flushAfter = "" } = {}) {
  const invocations: Invocation[] = [];
  const settled: Record<string, string[]> = {};
  const lambda = {
    async send({ input }: InvokeCommand) {
      const { Records, redrive } = JSON.parse(String(input.Payload));
      const sent: string[] = Records.map(({ dynamodb }: EventRecord) => dynamodb.SequenceNumber);
      invocations.push({ sent, patience: redrive.patienceSeconds });
      const given = answer(sent);
      const payload = typeof given === "string" ? { errorType: "Error", errorMessage: given } : given;
      return {
        ...(typeof given === "string" && { FunctionError: "Unhandled" }),
        Payload: { transformToString: () => JSON.stringify(payload) },
      };
    },
  } as unknown as LambdaClient;
  const sender = new Sender({
    lambda,
    functionArn: "f",
    ordered,
    async settled({ dynamodb }, failures) {
      settled[dynamodb.SequenceNumber] = failures.map(({ reason }) => reason);
    },
  });
  for (const one of records) {
    await sender.send({ dynamodb: { SequenceNumber: one, Keys: { id: { S: one[0] } } } });
    if (flushAfter.includes(one)) await sender.flush();
  }
  await sender.flush();
  return { invocations, settled };
}

describe("a sender", () => {
  it("sends all in their order, with as few invocations as it can, and settles each", async () => {
    const { invocations, settled } = await send(["a1", "b2", "a3"], () => fail("b2"));
    expect(invocations).to.deep.equal([{ sent: ["a1", "b2", "a3"], patience: 30 }]);
    expect(settled).to.deep.equal({ a1: [], b2: ["no"], a3: [] });
  });

  it("does nothing without records", async () => {
    expect(await send([], () => fail())).to.deep.equal({ invocations: [], settled: {} });
  });

  it("fills an invocation up to Lambda's limit", async () => {
    const many = Array.from({ length: 1001 }, (_, i) => `k${i}`);
    const { invocations } = await send(many, () => fail());
    expect(invocations.map(({ sent }) => sent.length)).to.deep.equal([500, 500, 1]);
    expect(invocations.flatMap(({ sent }) => sent)).to.deep.equal(many);
  });

  it("lets what comes later of a key wait for what failed, where order matters, and nothing else", async () => {
    const answer: Answer = (sent) => fail(...sent.filter((one) => one === "a1"));
    const records = ["a1", "b2", "a3", "b4"];
    const ordered = await send(records, answer, { ordered: ["copy"], flushAfter: "b2" });
    expect(ordered.invocations.map(({ sent }) => sent)).to.deep.equal([["a1", "b2"], ["b4"]]);
    expect(ordered.settled).to.deep.equal({
      ...{ a1: ["no"], b2: [], b4: [] },
      a3: ["An earlier change of its key has failed in this run."],
    });
    const other = await send(records, answer, { flushAfter: "b2" });
    expect(other.invocations.map(({ sent }) => sent)).to.deep.equal([
      ["a1", "b2"],
      ["a3", "b4"],
    ]);
  });

  it("lets nothing wait for what failed only where order does not matter, as at a destination that shares the function", async () => {
    const answer: Answer = (sent) => fail(...sent.filter((one) => one === "a1"));
    const { settled } = await send(["a1", "a2"], answer, { ordered: ["events"], flushAfter: "a1" });
    expect(settled).to.deep.equal({ a1: ["no"], a2: [] });
  });

  it("lets what comes later of a key wait for what the function itself failed with", async () => {
    const answer: Answer = (sent) => (sent.includes("a1") ? "out of memory" : fail());
    const { settled } = await send(["a1", "a2"], answer, { ordered: ["events"], flushAfter: "a1" });
    expect(settled).to.deep.equal({
      a1: ["Error: out of memory"],
      a2: ["An earlier change of its key has failed in this run."],
    });
  });

  it("does not wait half a minute again and again for what it has found down", async () => {
    const answer: Answer = (sent) => fail(...sent.filter((one) => Number(one.slice(1)) < 3));
    const { invocations } = await send(["a1", "b2", "c3", "d4"], answer, { flushAfter: "a1b2c3" });
    expect(invocations.map(({ patience }) => patience)).to.deep.equal([30, 2, 2, 30]);
  });

  it("finds the record that the function fails with", async () => {
    const answer: Answer = (sent) => (sent.includes("c3") ? "out of memory" : fail());
    const { invocations, settled } = await send(["a1", "b2", "c3", "d4", "e5"], answer);
    expect(settled).to.deep.equal({ a1: [], b2: [], c3: ["Error: out of memory"], d4: [], e5: [] });
    expect(invocations.map(({ sent }) => sent.join())).to.deep.equal([
      ...["a1,b2,c3,d4,e5", "a1,b2,c3", "a1,b2", "c3", "d4,e5"],
    ]);
  });

  it("sends in halves what Lambda refuses to take at once, and gives up only what it refuses alone", async () => {
    const message = "Request must be smaller than 6291456 bytes for the InvokeFunction operation";
    for (const name of ["RequestTooLargeException", "InvalidRequestContentException", "Unknown"]) {
      const httpStatusCode = name === "InvalidRequestContentException" ? 400 : 413;
      const answer: Answer = (sent) => {
        if (sent.length > 2 || sent.includes("c3"))
          throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
        return fail();
      };
      const { invocations, settled } = await send(["a1", "b2", "c3", "d4", "e5"], answer);
      expect(settled).to.deep.equal({ a1: [], b2: [], c3: [`Lambda: ${name}: ${message}`], d4: [], e5: [] });
      expect(invocations.map(({ sent }) => sent.join())).to.deep.equal([
        ...["a1,b2,c3,d4,e5", "a1,b2,c3", "a1,b2", "c3", "d4,e5"],
      ]);
    }
  });

  it("ends with what is not a refusal, such as a function that does not exist", async () => {
    const gone = Object.assign(new Error("gone"), { name: "ResourceNotFoundException", $metadata: {} });
    const error = await send(["a1", "b2"], () => {
      throw gone;
    }).catch((reason) => reason);
    expect(error).to.equal(gone);
  });

  it("lets what comes later of a key wait for what failed of it in the first half", async () => {
    const answer: Answer = (sent) =>
      sent.includes("a1") ? "out of memory" : fail(...sent.filter((one) => one === "b3"));
    const { invocations, settled } = await send(["a1", "b2", "b3", "a4", "b5", "c6"], answer, { ordered: ["copy"] });
    expect(settled).to.deep.equal({
      ...{ a1: ["Error: out of memory"], b2: [], b3: ["no"], c6: [] },
      a4: ["An earlier change of its key has failed in this run."],
      b5: ["An earlier change of its key has failed in this run."],
    });
    expect(invocations.map(({ sent }) => sent.join())).to.deep.equal([
      ...["a1,b2,b3,a4,b5,c6", "a1,b2,b3", "a1,b2", "a1", "b2", "b3", "c6"],
    ]);
  });

  it("lets no later change of a key arrive after a failed one, however it is split, and settles each once", async () => {
    const anyRecord = fc.record({ key: fc.constantFrom("a", "b", "c"), fails: fc.boolean(), crashes: fc.nat(9) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (wanted, room) => {
          const names = wanted.map(({ key }, i) => `${key}${i}`);
          const crashes = new Set(names.filter((_, i) => wanted[i]!.crashes === 0));
          const failing = new Set(names.filter((_, i) => wanted[i]!.fails && wanted[i]!.crashes < 4));
          const arrived: string[] = [];
          const answer: Answer = (sent) => {
            if (sent.length > room)
              throw Object.assign(new Error("large"), { name: "RequestTooLargeException", $metadata: {} });
            if (sent.some((one) => crashes.has(one))) return "crash";
            // as a function does that keeps the order of each key
            const failed: string[] = [];
            for (const one of sent)
              if (failing.has(one) || failed.some(([key]) => key === one[0])) failed.push(one);
              else arrived.push(one);
            return fail(...failed);
          };
          const { settled } = await send(names, answer, { ordered: ["copy"] });
          expect(Object.keys(settled)).to.have.members(names);
          const delivered = names.filter((one) => settled[one]!.length === 0);
          expect(arrived).to.deep.equal(delivered);
          for (const [key, own] of Map.groupBy(names, ([letter]) => letter)) {
            const first = own.findIndex((one) => failing.has(one) || crashes.has(one));
            const expected = first < 0 ? own : own.slice(0, first);
            expect(delivered.filter(([letter]) => letter === key)).to.deep.equal(expected);
          }
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it("takes nothing for delivered by a function that does not know redrives", async () => {
    const { settled } = await send(["a1"], () => ({ batchItemFailures: [] }));
    expect(settled).to.deep.equal({ a1: ["The function's code does not know redrives; deploy it anew."] });
  });
});

/** How many things of each size an invocation carries. */
function chunked(...sizes: number[]): number[] {
  const chunk = new Chunk<{ bytes: number }>();
  const counts: number[] = [];
  for (const bytes of sizes) {
    if (!chunk.hasRoomFor({ bytes })) counts.push(chunk.take().length);
    chunk.add({ bytes });
  }
  return [...counts, chunk.take().length];
}

describe("a chunk", () => {
  it("takes as many as are allowed", () => {
    expect(chunked(...Array(limits.count).fill(1))).to.deep.equal([limits.count]);
    expect(chunked(...Array(limits.count + 1).fill(1))).to.deep.equal([limits.count, 1]);
  });

  it("takes no more bytes than are allowed, of which the commas are some", () => {
    const half = limits.bytes / 2;
    expect(chunked(half - 1, half)).to.deep.equal([2]);
    expect(chunked(half, half)).to.deep.equal([1, 1]);
    expect(chunked(10, limits.bytes - 10, 10)).to.deep.equal([1, 1, 1]);
  });

  it("takes what is too large alone, and leaves well within Lambda's limit", () => {
    expect(chunked(1, limits.bytes * 2, 1)).to.deep.equal([1, 1, 1]);
    expect(limits.bytes).to.be.lessThan(6 * 1024 * 1024 - 1000);
  });
});
