import { expect } from "chai";
import { agesFrom } from "../../../../local/engine/mapping/decode.ts";

describe("agesFrom", () => {
  const minute = 1_700_000_040_000; // a whole one
  const table: [string, number, number, number][] = [
    ["a time with seconds, as it is", minute + 5000, minute + 90_000, minute + 5000],
    ["a whole minute, read within it: when it was read", minute, minute + 20_000, minute + 20_000],
    ["a whole minute, read later: its last millisecond", minute, minute + 90_000, minute + 59_999],
    ["a whole minute that this machine's clock has not reached", minute, minute - 10, minute],
  ];
  for (const [name, createdAt, readAt, expected] of table) {
    it(name, () => expect(agesFrom(createdAt, readAt)).to.equal(expected));
  }
});
