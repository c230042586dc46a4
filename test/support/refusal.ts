import { expect } from "chai";
import { type GraphOptions, graph, Refused } from "./graph.ts";

/** The lines with which the program refuses a stack; makes sure that it created nothing. */
export async function refusal(config: Record<string, unknown>, options: GraphOptions = {}): Promise<readonly string[]> {
  let refused: unknown;
  try {
    await graph({ ...options, config });
  } catch (error) {
    refused = error;
  }
  if (!(refused instanceof Refused)) throw refused ?? new Error("The stack was not refused.");
  expect(refused.reason).to.have.property("__pulumiRunError", true);
  expect(refused.resources.map(({ type }) => type)).to.deep.equal(["pulumi:pulumi:Stack"]);
  return refused.reason.message.split("\n");
}
