import { expect } from "chai";
import { groupMessages } from "../../../handlers/messages/groups.ts";
import type { Message, SendFailure } from "../../../handlers/messages/message.ts";
import { Sending, type SendingOptions } from "../../../handlers/messages/sending.ts";
import { change } from "../changes.ts";
import { first, keys, messageOf, ofKind } from "./steps.ts";
import { limits, reasons } from "./world.ts";

describe("sending, of messages that go apart or not at all", () => {
  const options: SendingOptions = { limits, mostRequests: 1, holdsBack: true };
  const all = (messages: readonly Message[], failure: SendFailure) =>
    new Map(messages.map((one) => [one, failure] as const));
  const begun = (messages: readonly Message[], further: Partial<SendingOptions> = {}) => {
    const sending = new Sending({ ...options, ...further });
    const actions = sending.begin(groupMessages(messages, true));
    return { sending, sends: ofKind(actions, "send"), stores: ofKind(actions, "store") };
  };
  const laterOfBatch = "An earlier change of the batch has failed; this one is delivered again with it.";

  it("sends a message of just the bytes that the service takes, and refuses one byte more", () => {
    const [fits, large] = [messageOf(change(), limits.bytes), messageOf(change({ id: "b" }), limits.bytes + 1)];
    const { sending, sends } = begun([fits, large]);
    expect(sends.map(({ groups }) => first(groups))).to.deep.equal([[fits.change]]);
    expect([...sending.failed]).to.deep.equal([
      [large.change, "Its message of 1,001 bytes exceeds the 1,000 that the service takes."],
    ]);
  });

  it("tries the halves of one request before the halves of a half", () => {
    const messages = keys("a", "b", "c", "d", "e");
    const { sending, sends } = begun(messages, { holdsBack: false });
    const seen: string[] = [];
    for (let left = sends; left.length > 0; ) {
      const sent = left[0]!.groups.map((group) => group.messages[0]!);
      seen.push(sent.map(({ change: { keys } }) => keys.id!.S).join(""));
      const failure = sent.length === 1 ? reasons.refused : reasons.together;
      const failures = sent.includes(messages[0]!) ? all(sent, failure) : new Map();
      left = ofKind(sending.sent(left[0]!, failures), "send");
    }
    expect(seen).to.deep.equal(["abcde", "abc", "de", "ab", "c", "a", "b"]);
  });

  it("does not divide a request of which the service has taken a part", () => {
    const [a, b, c] = keys("a", "b", "c") as [Message, Message, Message];
    const { sending, sends } = begun([a, b, c], { holdsBack: false });
    const answer = new Map([[b, reasons.together]]);
    expect(sending.sent(sends[0]!, answer)).to.deep.equal([]);
    expect([...sending.failed]).to.deep.equal([[b.change, "all of them"]]);
  });

  it("gives up what is refused together after the service has been given up, and loses none of it", () => {
    const messages = keys(..."abcdefghijkl");
    const { sending, sends } = begun(messages, { mostRequests: 2, holdsBack: false });
    const [one, two] = sends as [(typeof sends)[0], (typeof sends)[0]];
    const sent = one.groups.map((group) => group.messages[0]!);
    const others = messages.filter((message) => !sent.includes(message));
    const [pause] = ofKind(sending.sent(two, all(others, reasons.unavailable)), "pause");
    expect(sending.paused(pause!, false)).to.deep.equal([]);
    expect(sending.sent(one, all(sent, reasons.together))).to.deep.equal([]);
    expect([...sending.failed.keys()]).to.have.members(messages.map((message) => message.change));
    expect([...sending.failed.values()].every((reason) => reason === "down")).to.equal(true);
  });

  it("still sends a single one that goes apart when a later change fails meanwhile", () => {
    const [a, b] = keys("a", "b") as [Message, Message];
    const c = messageOf(change({ id: "c" }), 100, true);
    const { sending, sends, stores } = begun([a, b, c]);
    const [alone] = ofKind(sending.sent(sends[0]!, all([a, b], reasons.together)), "send");
    expect(first(alone!.groups)).to.deep.equal([a.change]);
    expect(sending.stored(stores[0]!, "no bucket")).to.deep.equal([]);
    const [last] = ofKind(sending.sent(alone!, new Map()), "send");
    expect(first(last!.groups)).to.deep.equal([b.change]);
    expect([...sending.failed]).to.deep.equal([[c.change, "no bucket"]]);
  });

  it("holds back the very next version, and says why", () => {
    const messages = ["9", "10", "11"].map((version) => messageOf(change({ id: version, version })));
    const { sending, sends } = begun(messages, { limits: { ...limits, count: 2 } });
    expect(sending.sent(sends[0]!, new Map([[messages[0]!, reasons.refused]]))).to.deep.equal([]);
    // the second was under way already, and has arrived
    expect([...sending.failed]).to.deep.equal([
      [messages[0]!.change, "never"],
      [messages[2]!.change, laterOfBatch],
    ]);
    const next = ["9", "10"].map((version) => messageOf(change({ id: version, version })));
    const second = begun(next, { limits: { ...limits, count: 1 } });
    second.sending.sent(second.sends[0]!, new Map([[next[0]!, reasons.refused]]));
    expect([...second.sending.failed.values()]).to.deep.equal(["never", laterOfBatch]);
  });
});
