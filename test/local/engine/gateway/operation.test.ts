import { expect } from "chai";
import { lambdaRouteOf } from "../../../../local/engine/gateway/operation.ts";

const cases: readonly (readonly [method: string, path: string, route: unknown])[] = [
  ["POST", "/2015-03-31/functions/films/invocations", { operation: "Invoke", name: "films" }],
  [
    "POST",
    "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Afilms/invocations",
    { operation: "Invoke", name: "arn:aws:lambda:eu-west-1:000000000000:function:films" },
  ],
  ["GET", "/2015-03-31/event-source-mappings/1-2", { operation: "GetEventSourceMapping", name: "1-2" }],
  ["PUT", "/2015-03-31/event-source-mappings/1-2", { operation: "UpdateEventSourceMapping", name: "1-2" }],
  ["GET", "/2015-03-31/event-source-mappings", { operation: "ListEventSourceMappings", name: "" }],
  ["GET", "/2015-03-31/event-source-mappings/", { operation: "ListEventSourceMappings", name: "" }],
  ["GET", "/2015-03-31/functions/films/invocations", undefined],
  ["POST", "/2015-03-31/functions/films/invocations/more", undefined],
  ["DELETE", "/2015-03-31/event-source-mappings/1-2", undefined],
];

describe("the routes of Lambda's API", () => {
  for (const [method, path, route] of cases) {
    it(`${method} ${path}`, () => expect(lambdaRouteOf(method, path)).to.deep.equal(route));
  }
});
