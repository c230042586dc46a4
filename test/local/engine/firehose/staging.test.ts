import { expect } from "chai";
import { errorManifestKey, manifest, manifestKey, objectKey } from "../../../../local/engine/firehose/staging.ts";

const now = Date.parse("2026-01-02T03:04:05.678Z");
const parts = { prefix: "fan/out-", stream: "changes", version: "1" };
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

describe("the keys of a delivery stream's objects", () => {
  for (const [what, key, pattern] of [
    ["data", objectKey(parts, now), "fan/out-2026/01/02/03/changes-1-2026-01-02-03-04-05-U"],
    ["compressed data", objectKey(parts, now, ".gz"), "fan/out-2026/01/02/03/changes-1-2026-01-02-03-04-05-U\\.gz"],
    ["manifests", manifestKey(parts, now), "fan/out-manifests/2026/01/02/03/changes-1-2026-01-02-03-04-05-U"],
    [
      "what failed",
      errorManifestKey(parts, now),
      "fan/out-errors/manifests/2026/01/02/03/changes-1-2026-01-02-03-04-05-U",
    ],
  ] as const) {
    it(`say where ${what} lies`, () => {
      expect(key).to.match(new RegExp(`^${pattern.replace("U", uuid)}$`));
    });
  }

  it("never meet", () => {
    expect(objectKey(parts, now)).not.to.equal(objectKey(parts, now));
  });

  it("stand in a manifest as COPY reads it", () => {
    expect(manifest("b", ["x/1", "x/2"])).to.equal(
      '{"entries":[{"url":"s3://b/x/1","mandatory":true},{"url":"s3://b/x/2","mandatory":true}]}',
    );
  });
});
