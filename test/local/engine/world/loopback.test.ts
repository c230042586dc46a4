import { type AddressInfo, Server } from "node:net";
import { expect } from "chai";
import { up } from "../../../../local/engine/engine.ts";
import { startDynamoDbLocal } from "../../../../local/engine/world/dynamodb-local.ts";
import { answers, otherAddresses } from "../../../support/addresses.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";
import { stacks } from "../../../support/stacks.ts";

describe("what listens on this machine", () => {
  let others: readonly string[];
  before(async () => {
    others = await otherAddresses();
  });

  it("answers at 127.0.0.1 alone: DynamoDB Local", async () => {
    const { endpoint, stop } = await startDynamoDbLocal();
    try {
      const port = Number(new URL(endpoint).port);
      expect(await answers("127.0.0.1", port)).to.equal(true);
      for (const address of others) expect([address, await answers(address, port)]).to.deep.equal([address, false]);
    } finally {
      await stop();
    }
  });

  it("answers at 127.0.0.1 alone: every server of a stack with all kinds of destinations", async () => {
    const { endpoint } = await sharedDynamoDb();
    const servers: Server[] = [];
    const { listen } = Server.prototype;
    Server.prototype.listen = function (this: Server, ...args: unknown[]) {
      servers.push(this);
      return listen.apply(this, args as never);
    } as typeof listen;
    const engine = await up({ ...stacks, dynamoDbEndpoint: endpoint, onProblem: () => {} }).finally(() => {
      Server.prototype.listen = listen;
    });
    try {
      const listening = servers.filter((server) => server.listening).map((server) => server.address() as AddressInfo);
      // The gateway, fauxqs, and the stand-in for Firehose.
      expect(listening.length).to.be.at.least(3);
      for (const { port } of listening) {
        expect(await answers("127.0.0.1", port)).to.equal(true);
        for (const address of others) {
          expect([address, await answers(address, port)]).to.deep.equal([address, false]);
        }
      }
    } finally {
      await engine.down();
    }
  });
});
