import { stopSharedDynamoDb } from "./dynamodb.ts";
import { figuresTold } from "./figures.ts";
import { stopSharedRedshift } from "./redshift.ts";

// An Output in a template literal is a bug: this makes it throw instead of printing advice into an ARN.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

export const mochaHooks = {
  async afterAll() {
    await Promise.all([stopSharedDynamoDb(), stopSharedRedshift()]);
    const figures = figuresTold();
    if (figures !== undefined) console.log(`\n\n${figures}`);
  },
};
