import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import type { CopyEvent } from "../../../../local/engine/firehose/faults.ts";
import type { FirehoseOptions } from "../../../../local/engine/firehose/firehose.ts";
import { systemClock } from "../../../../local/engine/firehose/retries.ts";
import { deliverySuite, until } from "./support/delivery-suite.ts";
import { ManualClock } from "./support/manual-clock.ts";

describe("Firehose", function () {
  this.timeout(60_000);
  const suite = deliverySuite();
  const { stream, put, rows, keys, object } = suite;

  it("delivers values exactly, from the SDK to the table", async () => {
    const { firehose, name, table, prefix } = await stream();
    const doc = {
      n: { N: "12345678901234567890123456789012345678" },
      s: { S: '👩‍🚀 \uffff "\\' },
      e: { S: "" },
      m: { M: { l: { L: [{ NULL: true }, { NS: ["1", "-1E-130"] }] } } },
      b: { B: Buffer.from([0, 255]).toString("base64") },
    };
    await put(name, [
      { id: "1", doc },
      { id: "2", doc: {} },
    ]);
    expect(await rows(table)).to.deep.equal([]);
    await firehose.idle();
    expect(await rows(table)).to.deep.equal([
      { id: "1", doc },
      { id: "2", doc: {} },
    ]);
    const [data, ...others] = await keys("staging", `${prefix}2026/`);
    expect(others).to.deep.equal([]);
    expect(data).to.match(new RegExp(`^${prefix}2026/01/02/03/${name}-1-2026-01-02-03-04-05-[0-9a-f-]{36}\\.gz$`));
    expect(gunzipSync(await object("staging", data!)).toString()).to.equal(
      `${JSON.stringify({ id: "1", doc })}${JSON.stringify({ id: "2", doc: {} })}`,
    );
    const [manifest] = await keys("staging", `${prefix}manifests/2026/01/02/03/${name}-1-`);
    expect(JSON.parse((await object("staging", manifest!)).toString())).to.deep.equal({
      entries: [{ url: `s3://staging/${data}`, mandatory: true }],
    });
    expect(await keys("staging", `${prefix}errors/`)).to.deep.equal([]);
    expect(firehose.stats(name)).to.deep.include({
      calls: 1,
      records: 2,
      objects: 1,
      copies: 1,
      rows: 2,
      failedCopies: 0,
      parked: 0,
      lost: 0,
    });
    expect(firehose.errors).to.deep.equal([]);
  });

  it("writes plain objects, and a backup of them, if it is told to", async () => {
    const { firehose, name, table, prefix } = await stream(
      {},
      {
        copyOptions: "FORMAT JSON 'auto'",
        s3BackupMode: "Enabled",
        s3BackupConfiguration: {
          roleArn: "arn:aws:iam::000000000000:role/firehose",
          bucketArn: "arn:aws:s3:::backup",
          compressionFormat: "GZIP",
          prefix: "b/",
        },
      },
      { compressionFormat: "UNCOMPRESSED" },
    );
    await put(name, [{ id: "1" }]);
    await firehose.idle();
    expect(await rows(table)).to.deep.equal([{ id: "1", doc: null }]);
    const [plain] = await keys("staging", `${prefix}2026/`);
    expect((await object("staging", plain!)).toString()).to.equal('{"id":"1"}');
    const [backup] = await keys("backup", "b/2026/");
    expect(gunzipSync(await object("backup", backup!)).toString()).to.equal('{"id":"1"}');
  });

  /** A value of so many bytes, without a string that SUPER could not hold. */
  const long = (bytes: number) => Array.from({ length: bytes / 60_000 }, () => "x".repeat(60_000));

  it("delivers when the interval is over or the buffer full, whichever comes first", async () => {
    const clock = new ManualClock();
    const { firehose, name, table } = await stream(
      { clock, intervalScale: 0.1 },
      {},
      { bufferingSize: 1, bufferingInterval: 600 },
    );
    const stats = () => firehose.stats(name);
    await put(name, [{ id: "1" }]);
    await put(name, [{ id: "2" }]);
    expect(clock.pending).to.deep.equal([60_000]);
    clock.pass(59_999);
    expect(stats().objects).to.equal(0);
    clock.pass(1);
    await until(() => stats().rows === 2);
    expect(clock.pending).to.deep.equal([]);
    await put(name, [{ id: "3", doc: long(900_000) }]);
    await put(name, [{ id: "4", doc: long(900_000) }]);
    await until(() => stats().rows === 4);
    expect(clock.pending).to.deep.equal([]);
    expect(stats().objects).to.equal(2);
    expect((await rows(table)).map(({ id }) => id)).to.deep.equal(["1", "2", "3", "4"]);
  });

  it("goes by this machine's time, scaled", async () => {
    const { firehose, name, table } = await stream({ clock: systemClock, intervalScale: 0.0001 });
    await put(name, [{ id: "1" }]);
    await until(() => firehose.stats(name).rows === 1);
    expect(await rows(table)).to.have.length(1);
  });

  it("loads what was staged during one COPY by the next, all together", async () => {
    const copies: CopyEvent[] = [];
    const open = Promise.withResolvers<void>();
    const slow: FirehoseOptions["redshift"] = {
      login: (user, password) => suite.redshift.login(user, password),
      async copy(order) {
        await open.promise;
        return suite.redshift.copy(order);
      },
    };
    const faults = { copy: (event: CopyEvent) => void copies.push(event) };
    const { firehose, name, table } = await stream({ redshift: slow, faults }, {}, { bufferingSize: 1 });
    for (let index = 0; index < 4; index += 1) {
      await put(
        name,
        Array.from({ length: 2 }, () => ({ id: String(index), doc: long(600_000) })),
      );
      await until(() => firehose.stats(name).objects === index + 1);
    }
    open.resolve();
    await firehose.idle();
    expect(copies.map(({ objects }) => objects.length)).to.deep.equal([1, 3]);
    expect(await rows(table)).to.have.length(8);
  });

  it("logs in with a user name and a password, too", async () => {
    const { firehose, name, table } = await stream(
      { secrets: () => Promise.reject(new Error("not asked for")) },
      { secretsManagerConfiguration: undefined, username: "loader", password: "Loader1234" },
    );
    await put(name, [{ id: "1" }]);
    await firehose.idle();
    expect(await rows(table)).to.have.length(1);
  });

  it("is idle when it has nothing to do", async () => {
    const { firehose, name } = await stream();
    await firehose.idle();
    expect(firehose.stats(name)).to.include({ objects: 0, records: 0 });
    expect(() => firehose.stats("none")).to.throw("Firehose none under account 000000000000 not found.");
  });
});
