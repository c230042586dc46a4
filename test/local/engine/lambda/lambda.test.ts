import { GetEventSourceMappingCommand, InvokeCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Engine } from "../../../../local/engine/engine.ts";
import { Relay, type RelayOutputs } from "../support/relay.ts";

describe("the stand-in for Lambda", () => {
  let relay: Relay;
  let engine: Engine;
  let outputs: RelayOutputs;

  before(async () => {
    relay = await Relay.up();
    ({ engine, outputs } = relay);
  });
  after(() => engine?.down());

  it("invokes the functions and describes the mappings, as AWS says it", async () => {
    const { lambda } = engine.clients;
    const { functionName, mappingId, streamArn } = outputs;
    const functionArn = `arn:aws:lambda:eu-west-1:000000000000:function:${functionName}`;
    const invoke = (FunctionName: string, payload: unknown) =>
      lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    for (const name of [functionName, functionArn]) {
      const answer = await invoke(name, { Records: [] });
      expect(answer).to.include({ StatusCode: 200, ExecutedVersion: "$LATEST" });
      expect(answer.FunctionError).to.equal("Unhandled"); // a batch of none is nothing that this function can send
    }
    const record = { eventID: "by hand", dynamodb: { Keys: { id: { S: "by hand" } } } };
    const sent = await invoke(functionName, { Records: [record] });
    expect([sent.FunctionError, sent.Payload?.transformToString()]).to.deep.equal([undefined, "null"]);
    expect((await relay.changes()).map(({ eventID }) => eventID)).to.deep.equal(["by hand"]);
    const failed = await invoke(functionName, { Records: [{ dynamodb: { Keys: { id: { S: "poison" } } } }] });
    expect(JSON.parse(failed.Payload!.transformToString())).to.include({ errorMessage: "no such film" });

    const { $metadata: _, ...mapping } = await lambda.send(new GetEventSourceMappingCommand({ UUID: mappingId }));
    expect(mapping).to.deep.include({
      UUID: mappingId,
      FunctionArn: functionArn,
      EventSourceArn: streamArn,
      State: "Enabled",
      BatchSize: 10,
      DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:eu-west-1:000000000000:${failuresName()}` } },
    });
    const list = async (FunctionName: string) =>
      (await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }))).EventSourceMappings;
    expect((await list(functionArn))?.map(({ UUID }) => UUID)).to.deep.equal([mappingId]);

    const refusal = async (work: Promise<unknown>) =>
      work.then(
        () => expect.fail("nothing was refused"),
        ({ name, $metadata: { httpStatusCode } }) => [name, httpStatusCode],
      );
    const large = { Records: [], filler: "x".repeat(6 * 1024 * 1024) };
    expect(await refusal(invoke(functionName, large))).to.deep.equal(["RequestTooLargeException", 413]);
    const later = new InvokeCommand({ FunctionName: functionName, InvocationType: "Event" });
    expect(await refusal(lambda.send(later))).to.deep.equal(["InvalidParameterValueException", 400]);
    const meters = engine.meters().map(({ caller, service, operation }) => `${caller.kind} ${service} ${operation}`);
    expect(meters).to.include.members(["user lambda Invoke", "user lambda GetEventSourceMapping"]);
  });

  it("answers for what does not exist, and for what is in another Region, in AWS's words", async () => {
    const { functionName, mappingId } = outputs;
    const said = async (region: string, command: InvokeCommand | GetEventSourceMappingCommand) => {
      const error = await engine
        .clientsFor(region)
        .lambda.send(command as InvokeCommand)
        .then(
          () => expect.fail("it exists"),
          (reason) => reason,
        );
      expect([error.name, error.$metadata.httpStatusCode]).to.deep.equal(["ResourceNotFoundException", 404]);
      return error.message;
    };
    const arn = (region: string, name: string) => `arn:aws:lambda:${region}:000000000000:function:${name}`;
    const invoke = (FunctionName: string) => new InvokeCommand({ FunctionName });
    expect(await said("eu-west-1", invoke("nobody"))).to.equal(`Function not found: ${arn("eu-west-1", "nobody")}`);
    expect(await said("us-east-1", invoke(functionName))).to.equal(
      `Function not found: ${arn("us-east-1", functionName)}`,
    );
    expect(await said("us-east-1", invoke(arn("eu-west-1", functionName)))).to.equal(
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    );
    const gone = "The resource you requested does not exist.";
    expect(await said("eu-west-1", new GetEventSourceMappingCommand({ UUID: "none" }))).to.equal(gone);
    expect(await said("us-east-1", new GetEventSourceMappingCommand({ UUID: mappingId }))).to.equal(gone);
    const { EventSourceMappings } = await engine
      .clientsFor("us-east-1")
      .lambda.send(new ListEventSourceMappingsCommand({}));
    expect(EventSourceMappings).to.deep.equal([]);
  });

  const failuresName = () => outputs.failuresUrl.split("/").at(-1);
});
