import { expect } from "chai";
import { expiredHead } from "../../../local/mapping/expiry.ts";

const now = 1_700_000_000_000;
const day = 86_400;
const aged = (...seconds: number[]) => seconds.map((age) => ({ createdAt: now - 1000 * age }));

describe("expiredHead", () => {
  const table: [string, { createdAt: number }[], number, number][] = [
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
