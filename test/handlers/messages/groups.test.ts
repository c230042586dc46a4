import { expect } from "chai";
import { groupMessages, nextRequest, requestsAtATime } from "../../../handlers/messages/groups.ts";
import { change } from "../changes.ts";
import { keys, messageOf } from "./steps.ts";
import { limits } from "./world.ts";

describe("groups of messages", () => {
  const grouped = (...ids: string[]) => groupMessages(keys(...ids), true);

  it("are those of each key in order, or each message by itself where there is none", () => {
    const messages = keys("a", "b", "a");
    expect(groupMessages(messages, true)).to.deep.equal([
      { messages: [messages[0], messages[2]], failures: 0 },
      { messages: [messages[1]], failures: 0 },
    ]);
    expect(groupMessages(messages, false)).to.deep.equal(messages.map((one) => ({ messages: [one], failures: 0 })));
  });

  it("travel in as many requests at a time as the longest group leaves room for", () => {
    const ids = (count: number) => Array.from({ length: count }, (_, i) => `id-${i}`);
    expect(requestsAtATime([], 10, 4)).to.equal(1);
    expect(requestsAtATime(grouped("a"), 10, 4)).to.equal(1);
    expect(requestsAtATime(grouped(...ids(10)), 10, 4)).to.equal(1);
    expect(requestsAtATime(grouped(...ids(11)), 10, 4)).to.equal(2);
    expect(requestsAtATime(grouped(...ids(30)), 10, 4)).to.equal(3);
    expect(requestsAtATime(grouped(...ids(100)), 10, 4)).to.equal(4);
    // the longest group takes three requests one after the other: 30 messages need no other beside them, 31 do
    expect(requestsAtATime(grouped("a", "a", ...ids(27), "a"), 10, 4)).to.equal(1);
    expect(requestsAtATime(grouped("a", "a", ...ids(28), "a"), 10, 4)).to.equal(2);
  });

  it("give the longest ones' first messages to the next request", () => {
    const ready = grouped("a", "b", "b", "c", "c", "c");
    const taken = nextRequest(ready, { ...limits, count: 2 });
    expect(taken.map(({ messages }) => messages.length)).to.deep.equal([3, 2]);
    expect(ready.map(({ messages }) => messages.length)).to.deep.equal([1]);
  });

  it("that have no room in a request leave it to smaller ones", () => {
    const sizes = [600, 500, 400];
    const ready = groupMessages(
      sizes.map((bytes) => messageOf(change({ id: String(bytes) }), bytes)),
      true,
    );
    const taken = nextRequest(ready, { ...limits, bytes: 1000 });
    expect(taken.map(({ messages: [first] }) => first!.bytes)).to.deep.equal([600, 400]);
    expect(ready.map(({ messages: [first] }) => first!.bytes)).to.deep.equal([500]);
  });
});
