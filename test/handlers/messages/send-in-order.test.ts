import { expect } from "chai";
import { groupMessages } from "../../../handlers/messages/groups.ts";
import type { Message, SendFailure } from "../../../handlers/messages/message.ts";
import { type Steps, sendInOrder } from "../../../handlers/messages/send-in-order.ts";
import { callFor, type TestCall } from "../call-for.ts";
import { change } from "../changes.ts";
import { keys, messageOf } from "./steps.ts";
import { limits, reasons } from "./world.ts";

const options = { limits, mostRequests: 4, holdsBack: false };
const send = (messages: readonly Message[], steps: Partial<Steps>, call: TestCall = callFor(10_000)) =>
  sendInOrder(groupMessages(messages, true), options, call, {
    store: async () => expect.fail("nothing is to be stored"),
    send: async () => new Map(),
    ...steps,
  });
const failing = (one: Message, failure: SendFailure) => new Map([[one, failure]]);

describe("sendInOrder", () => {
  it("sends a group's messages one after the other, and answers that none has failed", async () => {
    const [a1, b1, a2] = keys("a", "b", "a") as [Message, Message, Message];
    const requests: (readonly Message[])[] = [];
    const call = callFor(10_000);
    const failed = await send(
      [a1, b1, a2],
      {
        send: async (messages) => {
          requests.push(messages);
          return new Map();
        },
      },
      call,
    );
    expect(requests).to.deep.equal([[a1, b1], [a2]]);
    expect(failed).to.deep.equal([]);
    expect([...call.problems]).to.deep.equal([]);
    expect(call.retries).to.equal(0);
  });

  it("has nothing to do without messages", async () => {
    expect(await send([], { send: async () => expect.fail("there is nothing to send") })).to.deep.equal([]);
  });

  it("stores what a message points to before it sends the message", async () => {
    const one = messageOf(change(), 100, true);
    const steps: unknown[] = [];
    const failed = await send([one], {
      store: async (claim) => void steps.push(claim),
      send: async (messages) => {
        steps.push(messages);
        return new Map();
      },
    });
    expect(steps).to.deep.equal([one.claim, [one]]);
    expect(failed).to.deep.equal([]);
  });

  it("answers once nothing is under way, with what has failed, and explains why", async () => {
    const [a] = keys("a") as [Message];
    const c = messageOf(change({ id: "c" }), 100, true);
    const request = Promise.withResolvers<ReadonlyMap<Message, SendFailure>>();
    const call = callFor(10_000);
    let isOver = false;
    const answer = send([a, c], { store: async () => "no bucket", send: () => request.promise }, call).finally(() => {
      isOver = true;
    });
    await new Promise(setImmediate);
    expect(isOver).to.equal(false);
    expect([...call.problems]).to.deep.equal([]);
    request.resolve(failing(a, reasons.refused));
    expect(await answer).to.deep.equal([c.change, a.change]);
    expect([...call.problems]).to.deep.equal([
      [c.change, "no bucket"],
      [a.change, "never"],
    ]);
  });

  it("pauses before it tries again, for longer each time, and says what for", async () => {
    const [a] = keys("a") as [Message];
    const slept: number[] = [];
    const retried: string[] = [];
    const call = {
      ...callFor(10_000),
      random: () => 1,
      sleep: async (ms: number) => void slept.push(ms),
      retried: (reason: string) => void retried.push(reason),
    };
    const failures = [failing(a, reasons.alone), failing(a, reasons.alone), failing(a, reasons.unavailable)];
    expect(await send([a], { send: async () => failures.shift() ?? new Map() }, call)).to.deep.equal([]);
    expect(slept).to.deep.equal([50, 100, 50]);
    expect(retried).to.deep.equal(["not this one", "not this one", "down"]);
  });

  it("gives up what fails when there is no time for another attempt", async () => {
    const [a] = keys("a") as [Message];
    const call = callFor(100);
    const down = async () => failing(a, reasons.unavailable);
    expect(await send([a], { send: down }, call)).to.deep.equal([a.change]);
    expect([...call.problems]).to.deep.equal([[a.change, "down"]]);
    expect(call.retries).to.equal(0);
  });

  it("passes on what a step throws", async () => {
    const broken = new Error("broken");
    const caught = await send(keys("a"), { send: () => Promise.reject(broken) }).catch((error) => error);
    expect(caught).to.equal(broken);
  });
});
