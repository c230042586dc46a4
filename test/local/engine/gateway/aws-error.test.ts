import { expect } from "chai";
import { errorText, renderError } from "../../../../local/engine/gateway/aws-error.ts";

describe("what an answer says is wrong", () => {
  const error = { status: 400, code: "NoSuchThing", message: 'there is no "thing"' };
  const answer = (status: number, text: string) => ({ status, headers: {}, body: Buffer.from(text) });

  it("is its code and message, whatever form they have", () => {
    for (const [service, json] of [
      ["dynamodb", true],
      ["sqs", true],
      ["lambda", true],
      ["s3", false],
      ["sns", false],
    ] as const) {
      expect(errorText(renderError(error, service, json)), service).to.equal('NoSuchThing: there is no "thing"');
    }
    expect(errorText(answer(400, '{"__type":"com.amazon#Odd","Message":"no"}'))).to.equal("Odd: no");
  });

  it("is the status where it says nothing, and nothing where nothing is wrong", () => {
    expect(errorText(answer(404, ""))).to.equal("HTTP 404");
    expect(errorText(answer(200, '{"__type":"a","message":"b"}'))).to.equal(undefined);
  });
});
