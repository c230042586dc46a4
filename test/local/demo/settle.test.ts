import { expect } from "chai";
import { type Settling, settle } from "../../../local/demo/settle.ts";
import type { Outputs } from "../../../operate/stack/outputs.ts";
import { UserError } from "../../../terminal/user-error.ts";

describe("waiting until all is delivered", () => {
  const destinations = {
    orders: { function: "f" },
    bills: { function: "f" },
    copy: { function: "g" },
  } as unknown as Outputs["destinations"];
  const waiting = [
    { functionName: "f", settled: 38, unsettled: 3, trouble: "sqs SendMessageBatch: NonExistentQueue: there is none" },
    { functionName: "g", settled: 37, unsettled: 1, trouble: undefined },
  ];
  const functions = (log: string[]) =>
    new Map(Object.entries({ f: { log }, g: { log: [] } })) as unknown as Settling["functions"];

  it("names the slowest destination and its last error, and ends when nothing has moved for a minute", async () => {
    const details: string[] = [];
    const engine: Settling = {
      functions: functions(["what somebody printed", "{ somebody: 'printed' }"]),
      waitingFor: () => waiting,
      idle: async ({ onStuck } = {}) => onStuck?.(waiting, ""),
    };
    const error = await settle(engine, { destinations }, 40, (detail) => details.push(detail)).catch(
      (reason) => reason,
    );
    expect(error).to.be.instanceOf(UserError);
    expect(error.message.split("\n")).to.deep.equal([
      "Nothing has been delivered for a minute.",
      "  orders and bills: 3 changes not delivered; its last error: sqs SendMessageBatch: NonExistentQueue: there is none",
      "  copy: 1 change not delivered",
      "Does what is delivered to exist, does it answer from this machine, and may the function use it? Mend what is missing, and start again.",
    ]);
    expect(details.at(-1)).to.equal(
      "37 of 40 changes settled everywhere · orders and bills: sqs SendMessageBatch: NonExistentQueue: there is none",
    );
  });

  it("shows what the function itself says of its failures, and nothing once all is settled", async () => {
    const details: string[] = [];
    const said = JSON.stringify({ level: "WARN", failures: [{ reason: "AccessDenied: not you" }] });
    let left = waiting;
    const engine: Settling = {
      functions: functions([said]),
      waitingFor: () => left,
      async idle() {
        await settle({ ...engine, idle: async () => {} }, { destinations }, 40, (detail) => details.push(detail));
        left = waiting.map((one) => ({ ...one, settled: 40, unsettled: 0 }));
      },
    };
    await settle(engine, { destinations }, 40, (detail) => details.push(detail));
    expect(details).to.deep.equal([
      "37 of 40 changes settled everywhere · orders and bills: AccessDenied: not you",
      "40 of 40 changes settled everywhere",
    ]);
  });
});
