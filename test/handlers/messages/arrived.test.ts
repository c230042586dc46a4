import { expect } from "chai";
import { RecentIds, skipArrived } from "../../../handlers/messages/arrived.ts";
import { keys } from "./steps.ts";

describe("skipArrived", () => {
  /** Which of four messages are left, where each has arrived (+) or not (-). */
  const left = (history: string) => {
    const messages = keys(..."aaaa").slice(0, history.length);
    const group = { messages: [...messages], failures: 0 };
    skipArrived(group, (one) => history[messages.indexOf(one)] === "+");
    return group.messages.map((one) => messages.indexOf(one));
  };

  it("takes out what has arrived before the first that has not, and nothing behind that", () => {
    expect(left("++--")).to.deep.equal([2, 3]);
    expect(left("+-+-")).to.deep.equal([1, 2, 3]);
    expect(left("+---")).to.deep.equal([1, 2, 3]);
    expect(left("-+++")).to.deep.equal([0, 1, 2, 3]);
  });

  it("takes out all or none where all or none have arrived", () => {
    expect(left("++++")).to.deep.equal([]);
    expect(left("+")).to.deep.equal([]);
    expect(left("----")).to.deep.equal([0, 1, 2, 3]);
    expect(left("")).to.deep.equal([]);
  });
});

describe("RecentIds", () => {
  const numbers = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, i) => String(first + i));

  it("knows what was added, and nothing else", () => {
    const ids = new RecentIds(10);
    ids.add("a");
    expect(ids.has("a")).to.equal(true);
    expect(ids.has("b")).to.equal(false);
  });

  it("knows the last ones, and never more than twice as many", () => {
    for (let count = 1; count <= 45; count++) {
      const ids = new RecentIds(10);
      for (const id of numbers(1, count)) ids.add(id);
      // from the newest on, because asking keeps
      const known = numbers(1, count)
        .reverse()
        .map((id) => ids.has(id));
      expect(known.slice(0, 10)).to.not.include(false);
      expect(known.filter(Boolean).length).to.be.at.most(20);
    }
  });

  it("forgets the oldest first", () => {
    const ids = new RecentIds(10);
    for (const id of numbers(1, 20)) ids.add(id);
    ids.add("21");
    expect(["1", "10", "11", "21"].map((id) => ids.has(id))).to.deep.equal([false, false, true, true]);
  });

  it("keeps what is asked for again and again", () => {
    const ids = new RecentIds(10);
    ids.add("kept");
    for (const id of numbers(1, 200)) {
      ids.add(id);
      expect(ids.has("kept")).to.equal(true);
    }
  });

  it("does not count an id that is added again", () => {
    const ids = new RecentIds(10);
    ids.add("first");
    for (let i = 0; i < 100; i++) ids.add("again");
    expect(ids.has("first")).to.equal(true);
  });
});
