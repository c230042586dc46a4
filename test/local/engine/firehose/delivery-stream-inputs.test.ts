import { expect } from "chai";
import { bucketName, deliveryStreamInputs } from "../../../../local/engine/firehose/delivery-stream-inputs.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { streamInputs } from "./support/stream-inputs.ts";

function problems(inputs: unknown): string[] {
  try {
    deliveryStreamInputs(inputs);
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    return (error as Error).message.split("\n  ").slice(1);
  }
}

describe("a delivery stream's inputs", () => {
  it("get Firehose's defaults", () => {
    const { redshiftConfiguration } = deliveryStreamInputs(
      streamInputs(
        "s",
        { copyOptions: "JSON 'auto'" },
        { bufferingInterval: undefined, bufferingSize: undefined, compressionFormat: undefined, prefix: undefined },
      ),
    );
    expect(redshiftConfiguration).to.include({ retryDuration: 3600, s3BackupMode: "Disabled" });
    expect(redshiftConfiguration.s3Configuration).to.include({
      bufferingInterval: 300,
      bufferingSize: 5,
      compressionFormat: "UNCOMPRESSED",
      prefix: "",
    });
    expect(bucketName(redshiftConfiguration.s3Configuration)).to.equal("staging");
  });

  it("may hold everything that the program sets", () => {
    const log = { enabled: true, logGroupName: "g", logStreamName: "s" };
    expect(
      problems({
        ...streamInputs(
          "s",
          { s3BackupMode: "Disabled", cloudwatchLoggingOptions: log, dataTableColumns: "a,b", retryDuration: 0 },
          { cloudwatchLoggingOptions: log },
        ),
        region: "eu-west-1",
        serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
        tags: { a: "b" },
      }),
    ).to.deep.equal([]);
  });

  for (const [what, inputs, problem] of [
    ["no name", { ...streamInputs("s"), name: undefined }, "name: is needed"],
    ["a bad name", streamInputs("a b"), "name: must have 1 to 64 letters, digits, underscores, dots and hyphens"],
    [
      "another destination",
      { ...streamInputs("s"), destination: "splunk" },
      "destination: must be redshift: this stand-in for Firehose has no other destination yet",
    ],
    [
      "a bad URL",
      streamInputs("s", { clusterJdbcurl: "jdbc:redshift://localhost:5439/dev" }),
      /^redshiftConfiguration\.clusterJdbcurl: must look like/,
    ],
    [
      "GZIP that COPY is not told of",
      streamInputs("s", { copyOptions: "JSON 'auto'" }),
      "redshiftConfiguration.copyOptions: must have GZIP, because s3Configuration.compressionFormat is GZIP",
    ],
    [
      "an option that is not known",
      streamInputs("s", { copyOptions: "JSON 'auto' GZIP SHUFFLE" }),
      /^redshiftConfiguration\.copyOptions: COPY option "SHUFFLE"/,
    ],
    [
      "a long retry",
      streamInputs("s", { retryDuration: 7201 }),
      "redshiftConfiguration.retryDuration: must be 7200 or less",
    ],
    [
      "a long interval",
      streamInputs("s", {}, { bufferingInterval: 901 }),
      "redshiftConfiguration.s3Configuration.bufferingInterval: must be 900 or less",
    ],
    [
      "a small buffer",
      streamInputs("s", {}, { bufferingSize: 0 }),
      "redshiftConfiguration.s3Configuration.bufferingSize: must be 1 or more",
    ],
    [
      "a fraction",
      streamInputs("s", {}, { bufferingSize: 1.5 }),
      "redshiftConfiguration.s3Configuration.bufferingSize: must be a whole number from 1 to 128",
    ],
    [
      "Snappy",
      streamInputs("s", {}, { compressionFormat: "Snappy" }),
      /compressionFormat: must be UNCOMPRESSED or GZIP/,
    ],
    [
      "an error prefix",
      streamInputs("s", {}, { errorOutputPrefix: "e/" }),
      "redshiftConfiguration.s3Configuration.errorOutputPrefix: is not supported for Redshift",
    ],
    [
      "no bucket",
      streamInputs("s", {}, { bucketArn: "staging" }),
      "redshiftConfiguration.s3Configuration.bucketArn: must be the ARN of a bucket",
    ],
    [
      "no login",
      streamInputs("s", { secretsManagerConfiguration: { enabled: false } }),
      "redshiftConfiguration.secretsManagerConfiguration: must be enabled, unless there are username and password",
    ],
    [
      "no secret",
      streamInputs("s", { secretsManagerConfiguration: { enabled: true } }),
      "redshiftConfiguration.secretsManagerConfiguration: needs secretArn if enabled",
    ],
    [
      "no backup",
      streamInputs("s", { s3BackupMode: "Enabled" }),
      "redshiftConfiguration.s3BackupConfiguration: is needed because s3BackupMode is Enabled",
    ],
    [
      "no log stream",
      streamInputs("s", { cloudwatchLoggingOptions: { enabled: true } }),
      /cloudwatchLoggingOptions: needs logGroupName and logStreamName/,
    ],
    [
      "processing",
      streamInputs("s", { processingConfiguration: { enabled: true, processors: [] } }),
      /processingConfiguration\.enabled: cannot be true/,
    ],
    ["an unknown input", { ...streamInputs("s"), kinesisSourceConfiguration: {} }, /kinesisSourceConfiguration/],
  ] as const) {
    it(`are refused with ${what}`, () => {
      const found = problems(inputs);
      expect(found).to.have.length(1);
      if (typeof problem === "string") expect(found[0]).to.equal(problem);
      else expect(found[0]).to.match(problem);
    });
  }

  it("are refused with all that is wrong at once", () => {
    expect(
      problems(streamInputs("s", { retryDuration: -1 }, { bufferingSize: 129, bufferingInterval: -1 })),
    ).to.have.length(3);
  });
});
