import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import type { Image } from "../../handlers/core/contract.ts";

const text = fc.string({ unit: "binary", maxLength: 20 });
const name = fc.oneof(fc.string({ unit: "binary", minLength: 1, maxLength: 10 }), fc.constant("__proto__"));
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => new Uint8Array(array));
const number = fc
  .tuple(fc.boolean(), fc.stringMatching(/^[1-9]\d{0,20}$/), fc.option(fc.stringMatching(/^\d{0,16}[1-9]$/)))
  .map(([negative, whole, fraction]) => `${negative ? "-" : ""}${whole}${fraction === null ? "" : `.${fraction}`}`);

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text.map((S) => ({ S })),
    number.map((N) => ({ N })),
    bytes.map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true }),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((SS) => ({ SS })),
    fc.uniqueArray(number, { minLength: 1, maxLength: 4 }).map((NS) => ({ NS })),
    fc.uniqueArray(bytes, { minLength: 1, maxLength: 4, selector: String }).map((BS) => ({ BS })),
    fc.array(tie("value"), { maxLength: 4 }).map((L) => ({ L })),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((entries) => ({ M: Object.fromEntries(entries) })),
  ) as fc.Arbitrary<AttributeValue>,
}));

/** Any item that DynamoDB can hold, and names that JavaScript trips over. */
export const image: fc.Arbitrary<Image> = fc.array(fc.tuple(name, value), { maxLength: 6 }).map(Object.fromEntries);
