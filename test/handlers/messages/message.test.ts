import { expect } from "chai";
import { message } from "../../../handlers/messages/message.ts";
import { change } from "../changes.ts";

describe("the message of a change", () => {
  const one = { ...change({ id: "é", version: "9", before: { a: { S: "\uFFFE\uFFFF" } } }), expired: false };
  const { expired, time, ...silent } = one;
  const claims = { bucket: "claims", prefix: "p/" };
  const large = { images: "plain", mostBytes: 1_000_000 } as const;
  const facts = { eventId: "event-9", operation: "MODIFY", version: "9", time, expired: false, keyHash: one.keyHash };

  it("has every fact and both images in its body, and what readers filter on beside it", () => {
    const { body, attributes, claim } = message(one, large);
    expect(JSON.parse(body)).to.deep.equal({
      ...facts,
      keys: { id: "é" },
      redriven: false,
      before: { a: "\uFFFE\uFFFF", id: "é", n: "9" },
      after: { id: "é", n: "9" },
    });
    expect(attributes).to.deep.equal({
      operation: "MODIFY",
      version: "9",
      eventId: "event-9",
      expired: "false",
      redriven: "false",
    });
    expect(claim).to.equal(undefined);
  });

  it("has null for what the record does not say, and no attribute", () => {
    const { body, attributes } = message(silent, large);
    expect(JSON.parse(body)).to.include({ time: null, expired: null });
    expect(attributes).to.have.all.keys("operation", "version", "eventId", "redriven");
  });

  it("has characters that a message may not have as JSON escapes", () => {
    const { body } = message(one, large);
    expect(body).to.contain('"\\ufffe\\uffff"');
    expect(body).to.not.match(/[\uFFFE\uFFFF]/);
  });

  it("counts its bytes as services do: body, and each attribute's name, type and value", () => {
    const { body, bytes } = message(one, large);
    const texts = "operationMODIFYversion9eventIdevent-9expiredfalseredrivenfalse".length + 5 * 6;
    expect(bytes).to.equal(Buffer.byteLength(body) + texts);
  });

  it("points to its images where it has one byte too many, and only then", () => {
    const { bytes } = message(one, large);
    expect(message(one, { ...large, mostBytes: bytes, claims }).claim).to.equal(undefined);
    expect(message(one, { ...large, mostBytes: bytes - 1 }).claim).to.equal(undefined);
    const { body, attributes, claim, ...rest } = message(one, { ...large, mostBytes: bytes - 1, claims });
    const key = `p/${one.keyHash}/${"9".padStart(40, "0")}-event-9.json`;
    expect(JSON.parse(body)).to.deep.equal({
      ...facts,
      keys: { id: "é" },
      redriven: false,
      claimCheck: { bucket: "claims", key, bytes: claim!.body.length },
    });
    expect(attributes).to.include({ claimCheck: "true", expired: "false" });
    expect({ bucket: claim!.bucket, key: claim!.key }).to.deep.equal({ bucket: "claims", key });
    expect(JSON.parse(claim!.body.toString())).to.deep.equal({
      ...facts,
      keys: { id: "é" },
      before: { a: "\uFFFE\uFFFF", id: "é", n: "9" },
      after: { id: "é", n: "9" },
    });
    const texts = "operationMODIFYversion9eventIdevent-9expiredfalseredrivenfalseclaimChecktrue".length + 6 * 6;
    expect(rest.bytes).to.equal(Buffer.byteLength(body) + texts);
  });
});
