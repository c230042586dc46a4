import { expect } from "chai";
import { longestString } from "../../../handlers/kinds/redshift/refusal.ts";
import { films, longString, type Workload, type WorkloadOptions, workload } from "../../../local/demo/workload.ts";

describe("workload", () => {
  let options: WorkloadOptions;

  before(async () => {
    options = {
      films: await films(),
      keySchema: [{ name: "id", type: "S" }],
      ttlAttribute: "expiresAt",
      size: 400,
      seed: 1,
      now: 1_700_000_000,
    };
  });

  const keys = (wave: Workload["waves"][number]) =>
    wave.map((write) => JSON.stringify("put" in write ? write.put.id : write.remove.id));

  it("is the same for the same seed, and another for another", () => {
    expect(workload(options)).to.deep.equal(workload(options));
    expect(workload({ ...options, seed: 2 })).not.to.deep.equal(workload(options));
  });

  it("names every key at most once in a wave, so that the writes of a wave may run side by side", () => {
    for (const wave of workload(options).waves) expect(new Set(keys(wave)).size).to.equal(wave.length);
  });

  it("inserts every film, updates many several times, deletes some, brings some back and lets some expire", () => {
    const { waves, expiring } = workload(options);
    const count = new Map<string, number>();
    for (const key of waves.flatMap(keys)) count.set(key, (count.get(key) ?? 0) + 1);
    expect(waves[0]).to.have.length(400);
    expect([...count.values()].filter((times) => times >= 3)).to.have.length.above(50);
    expect(waves.flat().filter((write) => "remove" in write)).to.have.length.within(20, 80);
    expect(expiring).to.have.length.within(5, 50);
    const removed = new Set(waves.flatMap((wave) => keys(wave.filter((write) => "remove" in write))));
    const last = new Set(keys(waves.at(-2)!));
    expect([...last].every((key) => removed.has(key))).to.equal(true);
  });

  it("writes one item that DynamoDB takes and that no row and no message can hold", () => {
    const bytes = (write: Workload["waves"][number][number]) => JSON.stringify("put" in write ? write.put : {}).length;
    const large = workload(options)
      .waves.flat()
      .filter((write) => bytes(write) > 100_000);
    expect(large).to.have.length(1);
    expect(bytes(large[0]!)).to.be.greaterThan(1_048_576);
    // A number of one digit is 2 bytes to DynamoDB, and each value in a list 1 more.
    const ratings = "put" in large[0]! ? large[0].put.ratings!.L! : [];
    expect(3 * ratings.length).to.be.within(300_000, 400_000);
  });

  it("writes one item with a string that a warehouse refuses", () => {
    const { waves, longStringKey } = workload(options);
    const long = waves.flat().filter((write) => "put" in write && (write.put.Script?.S?.length ?? 0) > 0);
    expect(long).to.have.length(1);
    const [{ put }] = long as [{ put: Record<string, { S: string }> }];
    expect(put).to.deep.include(longStringKey);
    expect(put.Script!.S).to.have.length(longString);
    expect(longString).to.be.greaterThan(longestString);
  });

  it("expires nothing where the table has no TTL attribute", () => {
    const { waves, expiring } = workload({ ...options, ttlAttribute: undefined });
    expect(expiring).to.deep.equal([]);
    expect(JSON.stringify(waves)).not.to.contain("expiresAt");
  });

  it("writes whatever key the table has", () => {
    const keySchema = [
      { name: "customer", type: "N" },
      { name: "blob", type: "B" },
    ] as const;
    const [first] = workload({ ...options, keySchema }).waves[0]!;
    expect(first).to.have.nested.property("put.customer").that.deep.equals({ N: "1" });
    expect(first).to.have.nested.property("put.blob.B").that.is.instanceOf(Uint8Array);
  });

  it("starts the films again where more are asked for than there are", () => {
    const { waves } = workload({ ...options, films: options.films.slice(0, 3), size: 7 });
    const titles = waves[0]!.map((write) => ("put" in write ? write.put.Title : undefined));
    expect(titles[0]).to.deep.equal(titles[3]);
    expect(new Set(keys(waves[0]!)).size).to.equal(7);
  });
});
