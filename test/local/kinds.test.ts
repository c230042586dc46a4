import { expect } from "chai";
import { longestString } from "../../handlers/kinds/redshift/refusal.ts";
import type { Engine } from "../../local/engine/engine.ts";
import type { Meter } from "../../local/engine/gateway/meters.ts";
import { kinds } from "../../local/kinds.ts";

describe("what this machine knows of the kinds of destination", () => {
  it("mends a warehouse only for a string that it refuses", () => {
    const { mend } = kinds.redshift;
    expect(mend?.isNeeded({}, longestString)).to.equal(false);
    expect(mend?.isNeeded({}, longestString + 1)).to.equal(true);
    expect(mend?.isNeeded({ maxStringBytes: 100_000 }, longestString + 1)).to.equal(false);
  });

  it("mends the warehouse itself and the settings of its handler, of which the others stay", () => {
    const engine = { redshift: { largeStrings: false } } as Engine;
    const settings = kinds.redshift.mend!.apply(engine, { images: "plain" });
    expect(settings).to.deep.equal({ images: "plain", maxStringBytes: 16_000_000 });
    expect(engine.redshift?.largeStrings).to.equal(true);
    expect(kinds.redshift.mend!.isNeeded(settings, 70_000)).to.equal(false);
  });

  it("bills the readers of a queue for what is sent to it, and for nothing else", () => {
    const calls = (service: string, operation: string) =>
      ({ service, operation, calls: 2, units: { sqsFifoRequests: 5 } }) as unknown as Meter;
    expect(kinds.sqs.readers?.(calls("sqs", "SendMessageBatch"))).to.deep.equal({ sqsFifoRequests: 7 });
    expect(kinds.sqs.readers?.(calls("sqs", "DeleteMessageBatch"))).to.deep.equal({});
    expect(kinds.sqs.readers?.(calls("s3", "PutObject"))).to.deep.equal({});
  });

  it("knows no loads of a warehouse that the program did not make", () => {
    const workgroups = new Map([["here.example", { baseCapacity: 16 }]]);
    const engineWith = (clusterJdbcurl: string) => {
      const redshiftConfiguration = { clusterJdbcurl, s3Configuration: { bufferingInterval: 900 } };
      return { firehose: { inputs: () => ({ redshiftConfiguration }) }, workgroups } as unknown as Engine;
    };
    const settings = { deliveryStreamName: "stream" };
    const loading = (host: string) =>
      kinds.redshift.loading?.(engineWith(`jdbc:redshift://${host}:5439/dev`), settings);
    expect(loading("here.example")).to.deep.equal({ rpu: 16, interval: 900 });
    expect(loading("elsewhere.example")).to.equal(undefined);
  });

  it("has an example that receives from a queue, and nothing that a shell would take apart", () => {
    const example = kinds.sqs.receive!({ queueUrl: "https://sqs.example/1/letters" });
    expect(example).to.contain('QueueUrl: "https://sqs.example/1/letters"').and.to.match(/\n$/).and.not.to.contain("'");
  });
});
