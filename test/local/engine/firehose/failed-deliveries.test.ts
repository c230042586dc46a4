import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { CopyEvent, CopyFault } from "../../../../local/engine/firehose/faults.ts";
import { deliverySuite, until } from "./support/delivery-suite.ts";
import { ManualClock } from "./support/manual-clock.ts";

describe("Firehose, when a delivery fails,", function () {
  this.timeout(60_000);
  const suite = deliverySuite();
  const { stream, put, rows, keys, object } = suite;

  it("keeps a batch with a bad row out of the table, and says where it lies", async () => {
    const { firehose, name, table, prefix } = await stream({}, { retryDuration: 900 });
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
    await suite.redshift.copy({
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
    const { firehose, name, table, prefix } = await stream({ clock, faults }, {}, { bufferingInterval: 60 });
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
    const { firehose, name, table } = await stream({
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
    const { firehose, name, table } = await stream({ secrets }, { retryDuration: 0 });
    await suite.redshift.execute(`REVOKE INSERT ON ${table} FROM loader`);
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
      const { firehose, name } = await stream(options, { retryDuration: 0, ...inputs });
      await put(name, [{ id: "1" }]);
      await firehose.idle();
      expect(firehose.errors.map(({ errorCode }) => errorCode)).to.deep.equal([code]);
      expect(firehose.stats(name)).to.include({ parked: 1, rows: 0 });
    });
  }

  it("notices that a staged object is gone", async () => {
    const clock = new ManualClock();
    const faults = { copy: ({ attempt }: CopyEvent) => (attempt === 1 ? ("refuse" as const) : undefined) };
    const { firehose, name, prefix } = await stream({ clock, faults }, { retryDuration: 600 });
    await put(name, [{ id: "1" }]);
    clock.pass(900_000);
    await until(() => clock.pending.includes(300_000));
    const [data] = await keys("staging", `${prefix}2026/`);
    await suite.s3.send(new DeleteObjectCommand({ Bucket: "staging", Key: data! }));
    await firehose.idle();
    expect(firehose.errors.at(-1)).to.include({
      errorCode: "Redshift.MissingS3File",
      message: `s3://staging/${data} is not there any more`,
    });
    expect(firehose.stats(name)).to.include({ failedCopies: 2, parked: 1 });
  });

  it("loses data only if S3 is away for a day", async () => {
    const { firehose, name } = await stream({}, {}, { bucketArn: "arn:aws:s3:::absent" });
    await put(name, [{ id: "1" }, { id: "2" }]);
    await firehose.idle();
    expect(firehose.stats(name)).to.include({ objects: 0, lost: 2 });
    expect(firehose.errors).to.have.length(24);
    expect(firehose.errors[0]).to.include({ errorCode: "S3.NoSuchBucket", destination: "arn:aws:s3:::absent" });
  });

  it("reports every failed delivery, and stops while some are waiting", async () => {
    const clock = new ManualClock();
    const reported: string[] = [];
    const { firehose, name } = await stream({
      clock,
      onError: ({ errorCode }) => reported.push(errorCode),
      faults: { copy: () => "refuse" },
    });
    await put(name, [{ id: "1" }]);
    clock.pass(900_000);
    await until(() => reported.length === 1);
    await put(name, [{ id: "2" }]);
    await firehose.stop();
    expect(reported).to.deep.equal(["Redshift.ConnectionFailed"]);
    expect(clock.pending).to.deep.equal([]);
    expect(firehose.stats(name)).to.include({ objects: 1, parked: 0, records: 2 });
  });
});
