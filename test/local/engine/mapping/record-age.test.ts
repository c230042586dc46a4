import { expect } from "chai";
import { agesFrom, expiredHead } from "../../../../local/engine/mapping/record-age.ts";

const now = 1_700_000_000_000;
const day = 86_400;
const aged = (...seconds: number[]) => seconds.map((age) => ({ agesFrom: now - 1000 * age }));

describe("expiredHead", () => {
  const table: [string, { agesFrom: number }[], number, number][] = [
    ["young records", aged(59, 10), 60, 0],
    ["exactly as old as allowed", aged(60), 60, 0],
    ["an old head", aged(90, 61, 60, 5), 60, 2],
    ["only the head counts", aged(5, 90), 60, 0],
    ["all old", aged(90, 80), 60, 2],
    ["no limit, within the stream's retention", aged(day), -1, 0],
    ["no limit, beyond the stream's retention", aged(day + 1, 1), -1, 1],
    ["a limit beyond the stream's retention", aged(day + 1), 604_800, 1],
  ];
  for (const [name, records, limit, expected] of table) {
    it(name, () => expect(expiredHead(records, now, limit)).to.equal(expected));
  }
});

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
