import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { systemClock } from "../../../../local/engine/firehose/clock.ts";
import type { CopyEvent, CopyFault } from "../../../../local/engine/firehose/faults.ts";
import { Firehose, type FirehoseOptions } from "../../../../local/engine/firehose/firehose.ts";
import { Redshift } from "../../../../local/engine/redshift/redshift.ts";
import { ManualClock } from "./manual-clock.ts";
import { streamInputs } from "./stream-inputs.ts";

const secret = JSON.stringify({ username: "loader", password: "Loader1234", engine: "redshift" });

describe("Firehose", function () {
  this.timeout(60_000);
  let fauxqs: FauxqsServer;
  let s3: S3Client;
  let redshift: Redshift;
  let client: FirehoseClient;
  let server: Server;
  let firehose: Firehose;
  let streams = 0;

  before(async () => {
    fauxqs = await startFauxqs({ port: 0, logger: false });
    fauxqs.createBucket("staging");
    fauxqs.createBucket("backup");
    s3 = new S3Client({
      endpoint: `http://127.0.0.1:${fauxqs.port}`,
      region: "us-east-1",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    redshift = await Redshift.start();
    await redshift.execute(
      "CREATE USER loader PASSWORD 'sha256|Loader1234'; CREATE SCHEMA s; GRANT USAGE ON SCHEMA s TO loader",
    );
    server = createServer((request, response) => void firehose.handle(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    client = new FirehoseClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  afterEach(() => firehose.stop());

  after(async () => {
    client.destroy();
    s3.destroy();
    server.close();
    await once(server, "close");
    await redshift.stop();
    await fauxqs.stop();
  });

  /** A stream of its own, with a table of its own that the loader may fill. */
  async function stream(
    options: Partial<FirehoseOptions> = {},
    redshiftInputs: Record<string, unknown> = {},
    s3Inputs: Record<string, unknown> = {},
  ): Promise<{ name: string; table: string; prefix: string }> {
    streams += 1;
    const [name, table, prefix] = [`stream${streams}`, `s.t${streams}`, `in${streams}/`];
    await redshift.execute(`CREATE TABLE ${table} (id varchar(9), doc super); GRANT INSERT ON ${table} TO loader`);
    firehose = new Firehose({
      s3: () => s3,
      redshift,
      secrets: async () => secret,
      clock: new ManualClock(),
      ...options,
    });
    firehose.createDeliveryStream(
      streamInputs(name, { dataTableName: table, ...redshiftInputs }, { prefix, ...s3Inputs }),
    );
    return { name, table, prefix };
  }

  const put = (name: string, rows: readonly unknown[]) =>
    client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: name,
        Records: rows.map((row) => ({ Data: Buffer.from(JSON.stringify(row)) })),
      }),
    );

  const rows = (table: string) => redshift.query(`SELECT * FROM ${table} ORDER BY id`);

  async function keys(bucket: string, prefix: string): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key }) => Key ?? "");
  }

  async function object(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** Resolves once the condition holds; each turn lets everything else go on. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await setImmediate();
  }

  it("delivers values exactly, from the SDK to the table", async () => {
    const { name, table, prefix } = await stream();
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
    const { name, table, prefix } = await stream(
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
    const { name, table } = await stream(
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
    const { name, table } = await stream({ clock: systemClock, intervalScale: 0.0001 });
    await put(name, [{ id: "1" }]);
    await until(() => firehose.stats(name).rows === 1);
    expect(await rows(table)).to.have.length(1);
  });

  it("loads what was staged during one COPY by the next, all together", async () => {
    const copies: CopyEvent[] = [];
    const open = Promise.withResolvers<void>();
    const slow: FirehoseOptions["redshift"] = {
      login: (user, password) => redshift.login(user, password),
      async copy(order) {
        await open.promise;
        return redshift.copy(order);
      },
    };
    const faults = { copy: (event: CopyEvent) => void copies.push(event) };
    const { name, table } = await stream({ redshift: slow, faults }, {}, { bufferingSize: 1 });
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

  it("keeps a batch with a bad row out of the table, and says where it lies", async () => {
    const { name, table, prefix } = await stream({}, { retryDuration: 900 });
    await put(name, [{ id: "1" }, { id: "far too long" }, { id: "3" }]);
    await firehose.idle();
    expect(await rows(table)).to.deep.equal([]);
    expect(firehose.stats(name)).to.include({ objects: 1, copies: 0, rows: 0, failedCopies: 3, parked: 1 });
    const [data] = await keys("staging", `${prefix}2026/`);
    const [parked, ...others] = await keys("staging", `${prefix}errors/manifests/2026/01/02/03/`);
    expect(others).to.deep.equal([]);
    const manifest = JSON.parse((await object("staging", parked!)).toString());
    expect(manifest).to.deep.equal({ entries: [{ url: `s3://staging/${data}`, mandatory: true }] });
    expect(firehose.errors).to.have.length(3);
    expect(firehose.errors[0]).to.deep.include({
      deliveryStreamARN: `arn:aws:firehose:us-east-1:000000000000:deliverystream/${name}`,
      errorCode: "Redshift.DataLoadFailed",
      objects: [data],
      time: "2026-01-02T03:04:05.000Z",
    });
    expect(firehose.errors[0]?.message).to.include(
      "line 1, column id (character varying(9)): String length exceeds DDL length: 12 bytes",
    );

    // the way back: the same objects, by hand, with another option
    await redshift.copy({
      table,
      options: "FORMAT JSON 'auto' GZIP MAXERROR 2",
      objects: [{ name: data!, body: await object("staging", data!) }],
      user: "loader",
    });
    expect((await rows(table)).map(({ id }) => id)).to.deep.equal(["1", "3"]);

    await put(name, [{ id: "4" }]);
    await firehose.idle();
    expect(await rows(table)).to.have.length(3);
  });

  it("tries again every five minutes, while later data passes by", async () => {
    const clock = new ManualClock();
    const attempts: [number, number][] = [];
    let first: string | undefined;
    const faults = {
      copy({ attempt, objects }: CopyEvent): CopyFault | undefined {
        first ??= objects[0];
        attempts.push([attempt, clock.now()]);
        return objects[0] === first && attempt < 3 ? "refuse" : undefined;
      },
    };
    const { name, table, prefix } = await stream({ clock, faults }, {}, { bufferingInterval: 60 });
    const start = clock.now();
    await put(name, [{ id: "1" }]);
    clock.pass(60_000);
    await until(() => clock.pending.includes(300_000));
    expect(firehose.errors[0]).to.include({ errorCode: "Redshift.ConnectionFailed" });
    await put(name, [{ id: "2" }]);
    clock.pass(60_000);
    await until(() => firehose.stats(name).rows === 1);
    expect((await rows(table)).map(({ id }) => id)).to.deep.equal(["2"]);
    clock.pass(240_000);
    await until(() => clock.pending.includes(300_000));
    clock.pass(300_000);
    await until(() => firehose.stats(name).rows === 2);
    expect(attempts.map(([attempt, at]) => [attempt, (at - start) / 1000])).to.deep.equal([
      [1, 60],
      [1, 120],
      [2, 360],
      [3, 660],
    ]);
    expect(await keys("staging", `${prefix}errors/`)).to.deep.equal([]);
  });

  it("makes duplicates on purpose", async () => {
    const planned: CopyFault[] = ["repeat", "forget"];
    const { name, table } = await stream({
      faults: { copy: ({ attempt }) => (attempt === 1 ? planned.shift() : undefined) },
    });
    for (const id of ["1", "2", "3"]) {
      await put(name, [{ id }]);
      await firehose.idle();
    }
    expect((await rows(table)).map(({ id }) => id)).to.deep.equal(["1", "1", "2", "2", "3"]);
    expect(firehose.stats(name)).to.include({ objects: 3, copies: 5, rows: 5, failedCopies: 1, parked: 0 });
  });

  it("is refused without the right to insert, or with a wrong password, and names it", async () => {
    let password = "Loader1234";
    const secrets = async () => JSON.stringify({ username: "loader", password });
    const { name, table } = await stream({ secrets }, { retryDuration: 0 });
    await redshift.execute(`REVOKE INSERT ON ${table} FROM loader`);
    await put(name, [{ id: "1" }]);
    await firehose.idle();
    password = "Other1234";
    await put(name, [{ id: "2" }]);
    await firehose.idle();
    expect(firehose.errors.map(({ errorCode, message }) => [errorCode, message])).to.deep.equal([
      ["Redshift.InsufficientPrivilege", `permission denied for table ${table.slice(2)}`],
      ["Redshift.AuthenticationFailed", 'password authentication failed for user "loader"'],
    ]);
    expect(firehose.stats(name)).to.include({ parked: 2, failedCopies: 2 });
  });

  for (const [what, options, inputs, code] of [
    ["a secret that is none", { secrets: async () => "{" }, {}, "Redshift.AuthenticationFailed"],
    ["a secret that is missing", { secrets: () => Promise.reject(new Error("no such secret")) }, {}, "InternalError"],
    ["a table that is missing", {}, { dataTableName: "s.nowhere" }, "Redshift.TableNotFound"],
    ["a column that is missing", {}, { dataTableColumns: "id, nothing" }, "Redshift.ColumnNotFound"],
  ] as const) {
    it(`parks its data because of ${what}`, async () => {
      const { name } = await stream(options, { retryDuration: 0, ...inputs });
      await put(name, [{ id: "1" }]);
      await firehose.idle();
      expect(firehose.errors.map(({ errorCode }) => errorCode)).to.deep.equal([code]);
      expect(firehose.stats(name)).to.include({ parked: 1, rows: 0 });
    });
  }

  it("logs in with a user name and a password, too", async () => {
    const { name, table } = await stream(
      { secrets: () => Promise.reject(new Error("not asked for")) },
      { secretsManagerConfiguration: undefined, username: "loader", password: "Loader1234" },
    );
    await put(name, [{ id: "1" }]);
    await firehose.idle();
    expect(await rows(table)).to.have.length(1);
  });

  it("notices that a staged object is gone", async () => {
    const clock = new ManualClock();
    const faults = { copy: ({ attempt }: CopyEvent) => (attempt === 1 ? ("refuse" as const) : undefined) };
    const { name, prefix } = await stream({ clock, faults }, { retryDuration: 600 });
    await put(name, [{ id: "1" }]);
    clock.pass(900_000);
    await until(() => clock.pending.includes(300_000));
    const [data] = await keys("staging", `${prefix}2026/`);
    await s3.send(new DeleteObjectCommand({ Bucket: "staging", Key: data! }));
    await firehose.idle();
    expect(firehose.errors.at(-1)).to.include({
      errorCode: "Redshift.MissingS3File",
      message: `s3://staging/${data} is not there any more`,
    });
    expect(firehose.stats(name)).to.include({ failedCopies: 2, parked: 1 });
  });

  it("loses data only if S3 is away for a day", async () => {
    const { name } = await stream({}, {}, { bucketArn: "arn:aws:s3:::absent" });
    await put(name, [{ id: "1" }, { id: "2" }]);
    await firehose.idle();
    expect(firehose.stats(name)).to.include({ objects: 0, lost: 2 });
    expect(firehose.errors).to.have.length(24);
    expect(firehose.errors[0]).to.include({ errorCode: "S3.NoSuchBucket", destination: "arn:aws:s3:::absent" });
  });

  it("tells of every failed delivery, and stops while some are waiting", async () => {
    const clock = new ManualClock();
    const told: string[] = [];
    const { name } = await stream({
      clock,
      onError: ({ errorCode }) => told.push(errorCode),
      faults: { copy: () => "refuse" },
    });
    await put(name, [{ id: "1" }]);
    clock.pass(900_000);
    await until(() => told.length === 1);
    await put(name, [{ id: "2" }]);
    await firehose.stop();
    expect(told).to.deep.equal(["Redshift.ConnectionFailed"]);
    expect(clock.pending).to.deep.equal([]);
    expect(firehose.stats(name)).to.include({ objects: 1, parked: 0, records: 2 });
  });

  it("is idle when it has nothing to do", async () => {
    const { name } = await stream();
    await firehose.idle();
    expect(firehose.stats(name)).to.include({ objects: 0, records: 0 });
    expect(() => firehose.stats("none")).to.throw("Firehose none under account 000000000000 not found.");
  });
});
