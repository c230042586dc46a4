import { expect } from "chai";
import fc from "fast-check";
import { groupMessages } from "../../../handlers/messages/groups.ts";
import type { Message } from "../../../handlers/messages/message.ts";
import { Sending, type SendingOptions } from "../../../handlers/messages/sending.ts";
import { change } from "../changes.ts";
import { first, keys, messageOf, ofKind } from "./steps.ts";
import { limits, reasons, World } from "./world.ts";

describe("sending", () => {
  const options: SendingOptions = { limits, mostRequests: 4, holdsBack: true };
  it("sends the first of each group, and the next one when it has arrived", () => {
    const [a1, b1, a2] = keys("a", "b", "a") as [Message, Message, Message];
    const sending = new Sending(options);
    const [one] = ofKind(sending.begin(groupMessages([a1, b1, a2], true)), "send");
    expect(first(one!.groups)).to.deep.equal([a1.change, b1.change]);
    const [two, ...none] = ofKind(sending.sent(one!, new Map()), "send");
    expect(first(two!.groups)).to.deep.equal([a2.change]);
    expect(none).to.deep.equal([]);
    expect(sending.sent(two!, new Map())).to.deep.equal([]);
    expect(sending.failed.size).to.equal(0);
  });

  it("lets a group pause whose message fails by itself, longer each time, and as at first after each arrival", () => {
    const [a1, a2] = keys("a", "a") as [Message, Message];
    const sending = new Sending(options);
    let [send] = ofKind(sending.begin(groupMessages([a1, a2], true)), "send");
    const attempts: number[] = [];
    for (const message of [a1, a1, a2]) {
      const [pause] = ofKind(sending.sent(send!, new Map([[message, reasons.alone]])), "pause");
      attempts.push(pause!.attempt);
      [send] = ofKind(sending.paused(pause!, true), "send");
      if (message === a1 && attempts.length === 2) [send] = ofKind(sending.sent(send!, new Map()), "send");
    }
    expect(attempts).to.deep.equal([1, 2, 1]);
  });

  it("begins one pause for all when the service is unavailable, and no request meanwhile", () => {
    const messages = keys(...Array.from({ length: 40 }, (_, i) => String(i)));
    const sending = new Sending(options);
    const sends = ofKind(sending.begin(groupMessages(messages, true)), "send");
    expect(sends).to.have.length(4);
    const down = new Map(messages.map((one) => [one, reasons.unavailable]));
    const begun = sends.flatMap((send) => sending.sent(send, down));
    expect(begun).to.deep.equal([{ kind: "pause", attempt: 1, reason: "down" }]);
    expect(ofKind(sending.paused(ofKind(begun, "pause")[0]!, true), "send")).to.have.length(4);
  });

  it("waits longer each time while the service stays away, and as at first after a request has got through", () => {
    const [a1, a2] = keys("a", "a") as [Message, Message];
    const sending = new Sending(options);
    let [send] = ofKind(sending.begin(groupMessages([a1, a2], true)), "send");
    const attempts: number[] = [];
    for (const message of [a1, a1, a2]) {
      const [pause] = ofKind(sending.sent(send!, new Map([[message, reasons.unavailable]])), "pause");
      attempts.push(pause!.attempt);
      [send] = ofKind(sending.paused(pause!, true), "send");
      if (message === a1 && attempts.length === 2) [send] = ofKind(sending.sent(send!, new Map()), "send");
    }
    expect(attempts).to.deep.equal([1, 2, 1]);
  });

  it("does not wait for a message that fails by itself when an earlier one has failed for good", () => {
    const [x, a1] = keys("x", "a") as [Message, Message];
    const sending = new Sending(options);
    const [send] = ofKind(sending.begin(groupMessages([x, a1], true)), "send");
    const failures = new Map([
      [x, reasons.refused],
      [a1, reasons.alone],
    ]);
    expect(sending.sent(send!, failures)).to.deep.equal([]);
    expect([...sending.failed]).to.deep.equal([
      [x.change, "never"],
      [a1.change, "not this one"],
    ]);
  });

  it("sends what was refused together in halves, before anything else, and again until one is refused alone", () => {
    const messages = keys("a", "b", "c", "d", "e");
    const sending = new Sending({ ...options, holdsBack: false });
    const sizes: number[] = [];
    let sends = ofKind(sending.begin(groupMessages(messages, true)), "send");
    while (sends.length > 0) {
      const [send, ...later] = sends;
      const sent = send!.groups.map((group) => group.messages[0]!);
      sizes.push(sent.length);
      const alone = sent.length === 1 ? reasons.refused : reasons.together;
      const failures = sent.includes(messages[3]!) ? sent.map((one) => [one, alone] as const) : [];
      sends = [...later, ...ofKind(sending.sent(send!, new Map(failures)), "send")];
    }
    expect(sizes).to.deep.equal([5, 3, 2, 1, 1]);
    expect([...sending.failed]).to.deep.equal([[messages[3]!.change, "never"]]);
  });

  it("takes a message for refused whose request is refused as a whole without others in it", () => {
    const [a1] = keys("a") as [Message];
    const sending = new Sending(options);
    const [send] = ofKind(sending.begin(groupMessages([a1], true)), "send");
    expect(sending.sent(send!, new Map([[a1, reasons.together]]))).to.deep.equal([]);
    expect([...sending.failed]).to.deep.equal([[a1.change, "all of them"]]);
  });

  it("gives all up when there is no time for another attempt", () => {
    const messages = keys("a", "b", "a");
    const sending = new Sending({ ...options, holdsBack: false });
    const [send] = ofKind(sending.begin(groupMessages(messages, true)), "send");
    const [pause] = ofKind(sending.sent(send!, new Map(messages.map((one) => [one, reasons.unavailable]))), "pause");
    expect(sending.paused(pause!, false)).to.deep.equal([]);
    expect([...sending.failed]).to.have.deep.members([
      [messages[0]!.change, "down"],
      [messages[2]!.change, "An earlier change of its key has failed."],
      [messages[1]!.change, "down"],
    ]);
  });

  it("keeps every promise, whatever happens in whatever order", () => {
    const anyMessage = fc.record({
      key: fc.nat(4),
      bytes: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 1000 }) }, fc.constant(1001)),
      stored: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
      poison: fc.oneof({ weight: 12, arbitrary: fc.constant("") }, fc.constantFrom("alone", "with all others")),
    });
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 60 }),
        fc.record({ ordered: fc.boolean(), holdsBack: fc.boolean(), mostRequests: fc.integer({ min: 1, max: 4 }) }),
        fc.integer({ min: 200, max: 1000 }),
        fc.infiniteStream(fc.nat(1000)),
        (wanted, { ordered, holdsBack, mostRequests }, room, chance) => {
          const messages = wanted.map(({ key, bytes, stored }) =>
            messageOf(change({ id: String(key) }), bytes, stored),
          );
          const poison = new Set(messages.filter((_, i) => wanted[i]!.poison !== ""));
          const toxic = new Set(messages.filter((_, i) => wanted[i]!.poison === "with all others"));
          const refusing = { poison, toxic, room };
          const sendingOptions = { limits, mostRequests, holdsBack: ordered && holdsBack };
          const world = new World(messages, refusing, sendingOptions, ordered);
          world.run(() => chance.next().value);
        },
      ),
      { numRuns: 1500, seed: 1 },
    );
  });
});
