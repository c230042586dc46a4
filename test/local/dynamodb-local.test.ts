import { expect } from "chai";
import { sharedDynamoDb } from "../support/dynamodb.ts";

it("x", async () => {
  expect((await sharedDynamoDb()).endpoint).to.match(/127/);
});
