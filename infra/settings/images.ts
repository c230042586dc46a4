import { z } from "zod";

/** The form in which keys and images reach a destination that keeps them as JSON. */
export const imagesSchema = z
  .enum(["typed", "plain"])
  .default("typed")
  .describe(
    "Form of keys and images: `typed` is DynamoDB JSON and loses nothing; `plain` is native JSON with numbers as decimal strings, easier to read, without the types.",
  );
