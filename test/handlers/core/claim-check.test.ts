import { expect } from "chai";
import { claim, claimUri, connectStore, type Store, s3Refusals } from "../../../handlers/core/claim-check.ts";
import { isRefusal } from "../../../handlers/core/errors.ts";
import { type ClaimStore, startClaimStore } from "../../support/claim-store.ts";
import { expectCallLimits } from "../../support/client-limits.ts";
import { anHour, callFor, callInRealTime } from "../call-for.ts";
import { change } from "../changes.ts";
import { withEnvironment } from "../environment.ts";
import { serviceError } from "../service-error.ts";

describe("a claim check", () => {
  let s3: ClaimStore;
  let store: Store;
  let restore: () => void;

  before(async () => {
    s3 = await startClaimStore(5);
    restore = withEnvironment({ AWS_ENDPOINT_URL_S3: s3.endpoint });
    store = connectStore();
  });

  after(async () => {
    restore();
    await s3.stop();
  });

  beforeEach(() => s3.faults.set({ kind: "none" }));

  const body = '{"text":"€🎬"}';

  it("has a place that follows from the change alone, and sorts by version within its key", () => {
    const [early, late] = [change({ version: "9" }), change({ version: "10" })];
    const uri = claimUri(claim(s3.claims, early, body));
    expect(uri).to.equal(
      `s3://${s3.claims.bucket}/claims/${early.keyHash}/0000000000000000000000000000000000000009-event-9.json`,
    );
    expect(claimUri(claim(s3.claims, { ...early }, body))).to.equal(uri);
    expect(uri < claimUri(claim(s3.claims, late, body))).to.equal(true);
  });

  it("is stored as JSON, and counted with its bytes", async () => {
    const one = claim(s3.claims, change(), body);
    const sent: number[] = [];
    expect(await store(one, { ...callFor(2000), sent: (bytes) => void sent.push(bytes) })).to.equal(undefined);
    expect(await s3.read(one.key)).to.equal(body);
    expect(await s3.contentType(one.key)).to.equal("application/json");
    expect(sent).to.deep.equal([Buffer.byteLength(body)]);
  });

  it("is stored by a client with the limits of every call", async () => {
    const one = claim(s3.claims, change(), body);
    expect(await expectCallLimits(() => store(one, callFor(2000)))).to.deep.equal(["S3Client"]);
  });

  for (const kind of ["entries", "unavailable", "reset"] as const)
    it(`is stored in the end while calls fail: ${kind}`, async () => {
      const one = claim(s3.claims, change(), body);
      s3.faults.set({ kind, share: 0.7 });
      const call = callFor(anHour);
      for (let round = 0; round < 20 && call.retries === 0; round++) expect(await store(one, call)).to.equal(undefined);
      expect(call.retries, "nothing has failed in twenty rounds").to.be.greaterThan(0);
      expect(await s3.read(one.key)).to.equal(body);
      expect(call.calls).to.be.greaterThan(call.retries);
    });

  it("is not stored in an outage, which is the reason it gives", async () => {
    const one = claim(s3.claims, change(), body);
    s3.faults.set({ kind: "entries", share: 1 });
    const call = callFor(300);
    expect(await store(one, call)).to.match(/^S3: SlowDown: Please reduce your request rate\./);
    expect(call.retries).to.be.greaterThan(0);
    expect(await s3.keys()).to.not.include(one.key);
  });

  it("is given up when its time is over though nothing is answered", async () => {
    s3.faults.set({ kind: "silent" });
    const start = performance.now();
    expect(await store(claim(s3.claims, change(), body), callInRealTime(300))).to.match(/^S3: /);
    // by its own time's end, not by the client's, which waits for 10 s
    expect(performance.now() - start).to.be.lessThan(9_500);
  });

  it("knows how S3 refuses", () => {
    expect(isRefusal(serviceError("EntityTooLarge"), s3Refusals)).to.equal(true);
    for (const code of ["NoSuchBucket", "AccessDenied", "KMS.DisabledException", "SlowDown"])
      expect(isRefusal(serviceError(code), s3Refusals), code).to.equal(false);
  });

  it("waits for a bucket that is missing, as long as there is time", async () => {
    const call = callFor(400);
    const one = claim({ bucket: "no-such-bucket", prefix: "claims/" }, change(), body);
    expect(await store(one, call)).to.match(/^S3: NoSuchBucket: /);
    expect(call.retries).to.be.greaterThan(0);
  });
});
