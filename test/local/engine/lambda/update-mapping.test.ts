import {
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
  type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Engine } from "../../../../local/engine/engine.ts";
import type { RunningMapping } from "../../../../local/engine/lambda/running-mapping.ts";
import { updateMapping } from "../../../../local/engine/lambda/update-mapping.ts";
import type { MappingState } from "../../../../local/engine/mapping/options.ts";
import { Relay } from "../support/relay.ts";

describe("UpdateEventSourceMapping", () => {
  let relay: Relay;
  let engine: Engine;

  before(async () => {
    relay = await Relay.up();
    engine = relay.engine;
  });
  after(() => engine?.down());

  const update = (input: Partial<UpdateEventSourceMappingCommandInput>) =>
    engine.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: relay.outputs.mappingId, ...input }));
  const state = async () => {
    const command = new GetEventSourceMappingCommand({ UUID: relay.outputs.mappingId });
    return (await engine.clients.lambda.send(command)).State;
  };
  const ids = async () => (await relay.changes()).map(({ dynamodb }) => dynamodb?.Keys?.id?.S);

  it("disables a mapping, which keeps its place, and enables it again", async () => {
    await relay.put("before");
    expect(await ids()).to.deep.equal(["before"]);
    const { $metadata: off, ...disabling } = await update({ Enabled: false });
    expect(off.httpStatusCode).to.equal(202);
    expect(disabling).to.deep.include({
      UUID: relay.outputs.mappingId,
      State: "Disabling",
      StateTransitionReason: "User action",
      BatchSize: 10,
    });
    await engine.idle();
    expect(await state()).to.equal("Disabled");
    await relay.put("meanwhile");
    expect(await ids()).to.deep.equal([]);
    const { $metadata: again, State } = await update({ Enabled: false });
    expect([again.httpStatusCode, State]).to.deep.equal([202, "Disabled"]);

    const { $metadata: on, ...enabling } = await update({ Enabled: true });
    expect([on.httpStatusCode, enabling.State]).to.deep.equal([202, "Enabling"]);
    expect(await ids()).to.deep.equal(["meanwhile"]);
    expect(await state()).to.equal("Enabled");
    expect((await update({ Enabled: true })).State).to.equal("Enabled");
  });

  it("refuses everything else, and changes nothing then", async () => {
    const refused = async (work: Promise<unknown>) => {
      const { name, message, $metadata } = await work.then(
        () => expect.fail("it was accepted"),
        (error) => error,
      );
      return [$metadata.httpStatusCode, name, message];
    };
    expect(await refused(update({ Enabled: false, BatchSize: 5, MaximumRetryAttempts: 1 }))).to.deep.equal([
      400,
      "InvalidParameterValueException",
      "The stand-in for Lambda cannot update BatchSize, MaximumRetryAttempts, only Enabled: change the program, and bring it up again.",
    ]);
    expect(await refused(update({ Enabled: "no" as unknown as boolean }))).to.deep.equal([
      400,
      "InvalidParameterValueException",
      'Enabled is "no": it must be true or false.',
    ]);
    expect(await refused(update({ UUID: "none", Enabled: false }))).to.deep.equal([
      404,
      "ResourceNotFoundException",
      "The resource you requested does not exist.",
    ]);
    expect(await state()).to.equal("Enabled");
  });
});

describe("an update of a mapping", () => {
  const uuid = "6e5b3c1e-0000-4000-8000-000000000000";
  const switched = (state: MappingState, body: unknown) => {
    const calls: boolean[] = [];
    const mapping = { state, setEnabled: (enabled: boolean) => calls.push(enabled) };
    updateMapping({ mapping, uuid } as unknown as RunningMapping, body);
    return calls;
  };

  for (const state of ["Creating", "Disabling", "Enabling"] as const) {
    it(`is refused while the mapping is ${state}`, () => {
      expect(() => switched(state, { Enabled: true }))
        .to.throw(`Cannot update the event source mapping because it is in use: ${uuid} is ${state}.`)
        .that.includes({ status: 400, code: "ResourceInUseException" });
    });
  }

  it("changes nothing where it names nothing, as AWS reads null", () => {
    expect(switched("Enabled", {})).to.deep.equal([]);
    expect(switched("Enabled", { Enabled: null, BatchSize: null })).to.deep.equal([]);
    expect(switched("Enabled", { Enabled: false, BatchSize: null })).to.deep.equal([false]);
  });

  it("is refused where it is no object", () => {
    expect(() => switched("Enabled", [true])).to.throw(
      'The body of an update is an object, such as {"Enabled": false}, not [true].',
    );
  });
});
