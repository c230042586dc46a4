import { expect } from "chai";
import { imageJson } from "../../../handlers/core/image-json.ts";
import { everything } from "../changes.ts";

describe("imageJson", () => {
  it("writes DynamoDB JSON with base64", () => {
    const { binary, binaries, numbers, nested } = imageJson(everything, "typed");
    expect(binary).to.deep.equal({ B: "AAF/gP8=" });
    expect(binaries).to.deep.equal({ BS: ["AQ==", "AgM="] });
    expect(numbers).to.deep.equal(everything.numbers);
    expect(nested).to.deep.equal(everything.nested);
  });

  it("writes plain values with exact numbers", () => {
    expect(imageJson(everything, "plain")).to.deep.include({
      empty: "",
      integer: "12345678901234567890123456789012345678",
      numbers: ["-2.5", "1", "99999999999999999999999999999999999999"],
      strings: ["b", "🎞"],
      binary: "AAF/gP8=",
      binaries: ["AQ==", "AgM="],
      emptyBinary: "",
      yes: true,
      no: false,
      nothing: null,
      nested: { list: [{ deep: "1.50" }, null, []], map: {} },
    });
  });

  it("writes only the part of a buffer that a binary is", () => {
    const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(imageJson({ part: { B: part } }, "plain")).to.deep.equal({ part: "AgM=" });
  });

  it("keeps an attribute of the name __proto__", () => {
    const image = JSON.parse('{"__proto__": {"M": {"__proto__": {"S": "kept"}}}}');
    expect(JSON.stringify(imageJson(image, "typed"))).to.equal('{"__proto__":{"M":{"__proto__":{"S":"kept"}}}}');
    expect(JSON.stringify(imageJson(image, "plain"))).to.equal('{"__proto__":{"__proto__":"kept"}}');
  });
});
