import { expect } from "chai";
import { type ChangeMessage, replay } from "../../../operate/compare/replay.ts";

describe("replay", () => {
  const message = (version: number, changed: Partial<ChangeMessage> = {}): ChangeMessage => ({
    eventId: `event-${version}`,
    operation: "MODIFY",
    version: String(version).padStart(21, "0"),
    keyHash: "a",
    after: { v: { N: String(version) } },
    ...changed,
  });

  it("ends with the last image of each key", () => {
    const { items, duplicates, overtaken } = replay([message(1), message(2), message(3, { keyHash: "b" })]);
    expect([...items]).to.deep.equal([
      ["a", { v: { N: "2" } }],
      ["b", { v: { N: "3" } }],
    ]);
    expect({ duplicates, overtaken }).to.deep.equal({ duplicates: 0, overtaken: 0 });
  });

  it("drops removed items, and takes them up again", () => {
    const removal = message(2, { operation: "REMOVE" });
    expect(replay([message(1), removal]).items.size).to.equal(0);
    expect(replay([message(1), removal, message(3)]).items.size).to.equal(1);
  });

  it("counts a repeated event once as a duplicate", () => {
    expect(replay([message(1), message(2), message(1)])).to.include({ duplicates: 1, overtaken: 0 });
  });

  it("counts a newer version that came first, compared as a number", () => {
    const { items, overtaken } = replay([message(0, { version: "10" }), message(1, { version: "9" })]);
    expect(overtaken).to.equal(1);
    expect(items.get("a")).to.deep.equal({ v: { N: "0" } });
  });

  it("passes over an older version that says that it was redriven, and takes up a newer one", () => {
    const { items, overtaken } = replay([message(2), message(1, { redriven: true }), message(3, { redriven: true })]);
    expect(overtaken).to.equal(0);
    expect(items.get("a")).to.deep.equal({ v: { N: "3" } });
  });
});
