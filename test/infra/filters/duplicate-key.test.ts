import { expect } from "chai";
import { duplicateKey } from "../../../infra/filters/duplicate-key.ts";

describe("duplicateKey", () => {
  const table: [string, string, string | undefined][] = [
    ["none", '{"a":1,"b":{"a":2}}', undefined],
    ["at the top", '{"a":1,"a":2}', "a"],
    ["spelled differently", '{"a":1,"\\u0061":2}', "a"],
    ["further in", '{"x":[{"b":{"c":1 , "c" :2}}]}', "c"],
    ["in neighbours only", '[{"a":1},{"a":2}]', undefined],
    ["after an object that has ended", '{"a":{"b":1},"b":2,"a":3}', "a"],
    ["as values only", '{"a":"b","b":"b"}', undefined],
    ["within texts only", '{"a":"{\\"b\\":1,\\"b\\":2}","b":"\\\\"}', undefined],
  ];
  for (const [name, json, expected] of table) {
    it(`${name}: ${expected ?? "none"}`, () => expect(duplicateKey(json)).to.equal(expected));
  }
});
