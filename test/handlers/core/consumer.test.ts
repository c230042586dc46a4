import { expect } from "chai";
import fc from "fast-check";
import type { Change } from "../../../handlers/core/change.ts";
import { consumer } from "../../../handlers/core/consumer.ts";
import type { Deliver } from "../../../handlers/core/deliver.ts";
import { imageJson } from "../../../handlers/core/image-json.ts";
import { change, everything, record } from "../changes.ts";

// biome-ignore lint/suspicious/noExplicitAny: log lines and spoilt records have no type
type Loose = any;

const fine: Deliver = async () => [];

/** A function that feeds the given destinations, what it has logged, and what it was called with. */
function setUp(destinations: Record<string, Deliver>) {
  const lines: Loose[] = [];
  const kinds = Object.fromEntries(Object.entries(destinations).map(([name, deliver]) => [name, () => deliver]));
  const environment = {
    DESTINATIONS: JSON.stringify(
      Object.fromEntries(Object.keys(kinds).map((kind) => [`my-${kind}`, { kind, settings: {} }])),
    ),
  };
  const handler = consumer(kinds, { environment, write: (line) => lines.push(JSON.parse(line)) });
  return {
    lines,
    invoke: (event: unknown, ms = 30_000) => {
      const end = performance.now() + ms;
      return handler(event, {
        functionName: "films-consumer",
        awsRequestId: "request-1",
        getRemainingTimeInMillis: () => end - performance.now(),
      });
    },
  };
}

const event = (changes: readonly Change[]) => ({ Records: changes.map(record) });
const failedFrom = (one: Change | undefined) => ({
  batchItemFailures: one === undefined ? [] : [{ itemIdentifier: one.version }],
});

/** The invocation fails with its first record, so that Lambda bisects the batch. */
async function expectHeadFailed(invocation: Promise<unknown>, { version }: Change, records: number) {
  const error: Error = await invocation.then(
    () => expect.fail("the invocation did not fail"),
    (reason) => reason,
  );
  expect(error).to.be.an("error").with.property("name", "HeadOfBatchFailed");
  expect(error.message).to.equal(
    `Record ${version}, the first of ${records}, failed. The invocation fails with it, so that Lambda bisects the batch.`,
  );
}

describe("consumer", () => {
  it("gives every destination all changes, decoded and in order, with its settings and the time left", async () => {
    const changes = [change(), change({ after: everything }), change({ operation: "REMOVE", expired: true })];
    const seen: Record<string, unknown> = {};
    const connect = (name: string) => (settings: { to: string }) => {
      const deliver: Deliver = async (got, call) => {
        seen[`${name}-${settings.to}`] = got;
        expect(call.remaining()).to.be.within(28_000, 29_000);
        return [];
      };
      return deliver;
    };
    const DESTINATIONS = JSON.stringify({
      one: { kind: "first", settings: { to: "x" } },
      two: { kind: "second", settings: { to: "y" } },
      three: { kind: "second", settings: { to: "z" } },
    });
    const handler = consumer(
      { first: connect("first"), second: connect("second") },
      { environment: { DESTINATIONS }, write: () => {} },
    );
    const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 30_000 };
    expect(await handler(event(changes), context)).to.deep.equal({ batchItemFailures: [] });
    expect(seen).to.deep.equal({ "first-x": changes, "second-y": changes, "second-z": changes });
  });

  it("connects each destination once, when it is made", async () => {
    let connected = 0;
    const DESTINATIONS = JSON.stringify({ one: { kind: "kind", settings: {} } });
    const connect = () => {
      connected++;
      return fine;
    };
    const handler = consumer({ kind: connect }, { environment: { DESTINATIONS }, write: () => {} });
    const context = { functionName: "f", awsRequestId: "r", getRemainingTimeInMillis: () => 30_000 };
    await handler(event([change()]), context);
    await handler(event([change()]), context);
    expect(connected).to.equal(1);
  });

  it("answers with the one lowest failed sequence number of all destinations, as a number", async () => {
    const changes = ["9", "10", "11", "100"].map((version) => change({ version }));
    const failing =
      (...failed: number[]): Deliver =>
      async (got) =>
        failed.map((i) => got[i]!);
    const { invoke } = setUp({ a: failing(3, 1), b: failing(2), c: fine });
    expect(await invoke(event(changes))).to.deep.equal(failedFrom(changes[1]));
  });

  it("fails as a whole with the first of several records, whose name would be no progress", async () => {
    const changes = ["9", "10", "11"].map((version) => change({ version }));
    const { invoke, lines } = setUp({ one: async (all) => [all[2]!, all[0]!], fine });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 3);
    expect(lines).to.have.length(1);
    expect(lines[0].destinations["my-one"]).to.include({ delivered: 1, failed: 2 });
  });

  it("names a record that is alone", async () => {
    const alone = change();
    expect(await setUp({ one: async (all) => all }).invoke(event([alone]))).to.deep.equal(failedFrom(alone));
  });

  it("takes a throw for the failure of all", async () => {
    const changes = [change(), change()];
    const { invoke, lines } = setUp({
      broken: () => Promise.reject(new Error("no route")),
      sudden: () => {
        throw new Error("at once");
      },
      fine,
    });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 2);
    expect(lines[0].destinations["my-broken"]).to.include({ delivered: 0, failed: 2 });
    expect(lines[0].destinations["my-fine"]).to.include({ delivered: 2, failed: 0 });
    expect(lines[0].failures.map(({ reason }: Loose) => reason)).to.deep.equal([
      "Error: no route",
      "Error: no route",
      "Error: at once",
      "Error: at once",
    ]);
  });

  it("takes an answer that names a stranger for the failure of all", async () => {
    const changes = [change(), change()];
    const { invoke, lines } = setUp({ confused: async () => [change()] });
    await expectHeadFailed(invoke(event(changes)), changes[0]!, 2);
    expect(lines[0].failures[0].reason).to.contain("not given");
  });

  it("does not wait for a destination longer than the function lives", async () => {
    const changes = [change(), change()];
    const { invoke, lines } = setUp({ endless: () => new Promise(() => {}), fine });
    const start = performance.now();
    await expectHeadFailed(invoke(event(changes), 300), changes[0]!, 2);
    expect(performance.now() - start).to.be.lessThan(300);
    expect(lines[0].failures[0].reason).to.contain("did not end within the function's time");
    expect(lines[0].destinations["my-fine"].delivered).to.equal(2);
  });

  it("delivers what comes before a record that it cannot understand, and names that one", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[1].dynamodb.NewImage.n = { N: "secret" };
    let got: readonly Change[] = [];
    const { invoke, lines } = setUp({
      one: async (all) => {
        got = all;
        return [];
      },
    });
    expect(await invoke(spoilt)).to.deep.equal(failedFrom(changes[1]));
    expect(got).to.deep.equal([changes[0]]);
    expect(lines[0]).to.include({ level: "WARN", records: 3, lastSequenceNumber: changes[1]!.version });
    expect(lines[0].undecodable).to.deep.equal({
      sequenceNumber: changes[1]!.version,
      reason: "Malformed: Records[1].dynamodb.NewImage.n.N must be a number, as a decimal string",
    });
    expect(JSON.stringify(lines)).to.not.contain("secret");
  });

  it("names an earlier failure rather than the record that it cannot understand", async () => {
    const changes = [change(), change(), change()];
    const spoilt: Loose = event(changes);
    spoilt.Records[2].eventName = "UPSERT";
    const { invoke } = setUp({ one: async (all) => [all[1]!] });
    expect(await invoke(spoilt)).to.deep.equal(failedFrom(changes[1]));
  });

  it("fails as a whole when a record can be neither understood nor named", async () => {
    const spoilt: Loose = event([change(), change()]);
    spoilt.Records[1].dynamodb.SequenceNumber = "";
    let called = false;
    const { invoke, lines } = setUp({
      one: async () => {
        called = true;
        return [];
      },
    });
    const error = await invoke(spoilt).catch((reason) => reason);
    expect(error.message).to.equal("Records[1].dynamodb.SequenceNumber must be a decimal string of up to 40 digits");
    expect(called).to.equal(false);
    expect(lines[0]).to.include({ level: "ERROR", functionName: "films-consumer", requestId: "request-1" });
  });

  it("fails on what is not the event of a stream", async () => {
    const { invoke } = setUp({ fine });
    for (const wrong of [{}, { Records: null }, { Records: {} }, null, "text", []]) {
      const error = await invoke(wrong).catch((reason) => reason);
      expect(error, JSON.stringify(wrong)).to.be.an("error");
    }
    const error = await invoke({}).catch((reason) => reason);
    expect(error.message).to.contain("no array `Records`");
    expect(await invoke({ Records: [] })).to.deep.equal({ batchItemFailures: [] });
  });

  it("writes one line per batch, without items or keys", async () => {
    const changes = [change({ id: "private", after: { diary: { S: "private" } } }), change({ id: "private" })];
    const { invoke, lines } = setUp({
      counting: async (all, call) => {
        call.sent(120);
        call.retried("busy");
        call.sent(80);
        call.explain(all[1]!, "The queue said no.");
        return [all[1]!];
      },
    });
    await invoke(event(changes));
    expect(lines).to.have.length(1);
    const [{ timestamp, ...line }] = lines;
    const { ms } = line.destinations["my-counting"];
    expect(new Date(timestamp).toISOString()).to.equal(timestamp);
    expect(line).to.deep.equal({
      level: "WARN",
      message: "batch delivered in part",
      functionName: "films-consumer",
      requestId: "request-1",
      records: 2,
      firstSequenceNumber: changes[0]!.version,
      lastSequenceNumber: changes[1]!.version,
      sourceBytes: 200,
      destinations: { "my-counting": { delivered: 1, failed: 1, retries: 1, calls: 2, bytes: 200, ms } },
      failures: [
        {
          destination: "my-counting",
          sequenceNumber: changes[1]!.version,
          eventId: changes[1]!.eventId,
          reason: "The queue said no.",
        },
      ],
    });
    expect(JSON.stringify(lines)).to.not.contain("private");
  });

  it("spells out no more than twenty failures", async () => {
    const { invoke, lines } = setUp({ most: async (all) => all.slice(1) });
    await invoke(event(Array.from({ length: 51 }, () => change())));
    expect(lines[0].failures).to.have.length(20);
    expect(lines[0].failuresNotShown).to.equal(30);
    expect(lines[0].destinations["my-most"].failed).to.equal(50);
  });

  describe("a redrive", () => {
    const redrive = (changes: readonly Change[], patienceSeconds = 30) => ({
      ...event(changes),
      redrive: { patienceSeconds },
    });

    it("marks each change, and gives the mapping's changes no such mark", async () => {
      const marks: boolean[] = [];
      const { invoke, lines } = setUp({
        one: async (all) => {
          marks.push(...all.map(({ redriven }) => redriven));
          return [];
        },
      });
      expect(await invoke(redrive([change(), change()]))).to.deep.equal({ batchItemFailures: [], failures: [] });
      expect(await invoke(event([change()]))).to.deep.equal({ batchItemFailures: [] });
      expect(marks).to.deep.equal([true, true, false]);
      expect(lines.map((line) => line.redrive)).to.deep.equal([true, undefined]);
    });

    it("answers with every failure and its reason, by destination, even where the first of several fails", async () => {
      const changes = [change(), change(), change()];
      const { invoke } = setUp({
        one: async (all, call) => {
          call.explain(all[0]!, "The queue said no.");
          return [all[0]!];
        },
        other: () => Promise.reject(new Error("no route")),
      });
      const [a, b, c] = changes.map(({ version }) => version);
      expect(await invoke(redrive(changes))).to.deep.equal({
        batchItemFailures: [a, b, c].map((itemIdentifier) => ({ itemIdentifier })),
        failures: [
          { sequenceNumber: a, destination: "my-one", reason: "The queue said no." },
          ...[a, b, c].map((sequenceNumber) => ({
            sequenceNumber,
            destination: "my-other",
            reason: "Error: no route",
          })),
        ],
      });
    });

    it("goes on behind a record that it cannot understand, since nobody delivers the rest again", async () => {
      const changes = [change(), change(), change()];
      const spoilt: Loose = redrive(changes);
      spoilt.Records[0].eventName = "UPSERT";
      spoilt.Records[1].eventName = "UPSERT";
      let got: readonly Change[] = [];
      const { invoke, lines } = setUp({
        one: async (all) => {
          got = all;
          return [];
        },
      });
      const answer = await invoke(spoilt);
      expect(got).to.deep.equal([{ ...changes[2], redriven: true }]);
      expect(answer).to.deep.equal({
        batchItemFailures: changes.slice(0, 2).map(({ version }) => ({ itemIdentifier: version })),
        failures: [0, 1].map((i) => ({
          sequenceNumber: changes[i]!.version,
          reason: `Malformed: Records[${i}].eventName must be one of INSERT, MODIFY, REMOVE`,
        })),
      });
      expect(lines[0]).to.include({ level: "WARN", records: 3, redrive: true });
    });

    it("does not wait for longer than it is told to, and half a minute by itself", async () => {
      const left: number[] = [];
      const { invoke } = setUp({
        one: async (_, call) => {
          left.push(call.remaining());
          return [];
        },
      });
      await invoke(redrive([change()], 2), 900_000);
      await invoke({ ...event([change()]), redrive: {} }, 900_000);
      await invoke(redrive([change()], 600), 10_000);
      expect(left[0]).to.be.within(1500, 1600);
      expect(left[1]).to.be.within(28_000, 29_000);
      expect(left[2]).to.be.within(8000, 9000);
    });

    it("refuses what it does not know", async () => {
      const { invoke } = setUp({ fine });
      const problem = (redrive: unknown) =>
        invoke({ ...event([change()]), redrive }).then(
          () => "none",
          ({ message }) => message,
        );
      expect(await problem(true)).to.equal("redrive must be an object");
      expect(await problem({ patience: 3 })).to.equal("redrive.patience is not known");
      for (const wrong of ["3", -1, 0, 0.9, 901, null, Number.NaN])
        expect(await problem({ patienceSeconds: wrong })).to.equal(
          "redrive.patienceSeconds must be a number from 1 to 900",
        );
    });
  });

  it("says what is wrong with its environment", () => {
    const make = (DESTINATIONS?: string) => () =>
      consumer({ sqs: () => fine }, { environment: DESTINATIONS === undefined ? {} : { DESTINATIONS } });
    expect(make()).to.throw("The environment has no DESTINATIONS");
    expect(make('{"a":{"kind":"kafka","settings":{}}}')).to.throw(
      'DESTINATIONS.a.kind: this function\'s code has no kind "kafka"; it has sqs.',
    );
  });

  it("never loses a record of an event that is spoilt in any way", async () => {
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.constant(undefined),
      fc.constantFrom("REMOVE", "S", "1", 0, -1, {}, [], { S: "a" }),
    );
    const template = event([
      change({ after: everything }),
      change({ operation: "REMOVE" }),
      change({ operation: "INSERT" }),
    ]);
    const paths = [...pathsOf(template.Records)];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }),
        async (spoils) => {
          const Records = structuredClone(template.Records) as Loose;
          for (const [path, value] of spoils) spoil(Records, path, value);
          let got: readonly Change[] = [];
          const { invoke } = setUp({
            one: async (all) => {
              got = all;
              return [];
            },
          });
          const answer = await invoke({ Records }).catch(() => undefined);
          if (answer === undefined) return; // the invocation failed: Lambda keeps the whole batch
          for (const [i, one] of got.entries()) expect(essence(record(one))).to.deep.equal(essence(Records[i]));
          const next = Records[got.length]?.dynamodb.SequenceNumber;
          expect(answer.batchItemFailures).to.deep.equal(next === undefined ? [] : [{ itemIdentifier: next }]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("reads the images of a change exactly as they were written", async () => {
    const one = change({ after: everything });
    const { invoke } = setUp({
      one: async ([got]) => {
        expect(imageJson(got!.after!, "typed")).to.deep.equal(record(one).dynamodb.NewImage);
        return [];
      },
    });
    expect(await invoke(event([one]))).to.deep.equal({ batchItemFailures: [] });
  });
});

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, name]);
}

function spoil(root: Loose, path: Path, value: unknown): void {
  const parent = path.slice(0, -1).reduce((inner, name) => inner?.[name], root);
  if (typeof parent === "object" && parent !== null) parent[path.at(-1)!] = value;
}

/** What of a record must not get lost. */
function essence({ eventID, eventName, userIdentity, dynamodb }: Loose) {
  const { Keys, OldImage, NewImage, SequenceNumber } = dynamodb;
  const expired = userIdentity?.type === "Service" && userIdentity.principalId === "dynamodb.amazonaws.com";
  return { eventID, eventName, expired: eventName === "REMOVE" && expired, Keys, OldImage, NewImage, SequenceNumber };
}
