import fc from "fast-check";
import { image } from "../handlers/arbitraries.ts";
import type { Case, Consumer, Destination, KeyType, Step, Table, Value } from "./case.ts";
import { faults } from "./faults.ts";

const keyType = fc.constantFrom<KeyType>("S", "N", "B");
const images = fc.constantFrom("typed" as const, "plain" as const);

/** Which kinds a case may have: a warehouse takes a second to start. */
export interface Kinds {
  readonly warehouse: boolean;
}

const replica = fc.constant<Destination>({ kind: "replica" });
const fifoQueue = images.map((form): Destination => ({ kind: "sqs", images: form, fifo: true }));
const queue = images.map((form): Destination => ({ kind: "sqs", images: form, fifo: false }));
const warehouse = images.map((form): Destination => ({ kind: "redshift", images: form }));

const mapping = fc.record({
  batchSize: fc.oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: 10 }), fc.constantFrom(25, 100, 1000)),
  maximumBatchingWindowInSeconds: fc.constantFrom(0, 1, 60),
  parallelizationFactor: fc.oneof({ withCrossShrink: true }, fc.constant(1), fc.constantFrom(2, 4, 10)),
  maximumRetryAttempts: fc.constantFrom(0, 0, 1, 3, 10),
  bisectBatchOnFunctionError: fc.constantFrom(true, true, true, false),
});

const lambda = fc.record(
  { timeout: fc.constantFrom(1, 2), reservedConcurrentExecutions: fc.constant(1) },
  { requiredKeys: ["timeout"] },
);

function consumer(destinations: fc.Arbitrary<readonly Destination[]>): fc.Arbitrary<Consumer> {
  const only = fc.constantFrom(["INSERT", "REMOVE"], ["MODIFY", "REMOVE"], ["INSERT", "MODIFY", "REMOVE"]);
  const rest = { destinations, mapping, function: lambda };
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 5, arbitrary: fc.record(rest) },
    { weight: 1, arbitrary: fc.record({ ...rest, only }) },
  ) as fc.Arbitrary<Consumer>;
}

/** The consumers of a program: up to three of their own each, or destinations that share one. */
function consumers(keepsImages: boolean, hasWarehouse: boolean): fc.Arbitrary<readonly Consumer[]> {
  const alone = fc.oneof(fifoQueue, queue, ...(keepsImages ? [replica] : []));
  const sharing = fc.oneof(queue, ...(keepsImages ? [replica] : []), ...(hasWarehouse ? [warehouse] : []));
  const separate = hasWarehouse
    ? fc
        .tuple(consumer(fc.tuple(warehouse)), fc.array(consumer(fc.tuple(alone)), { maxLength: 1 }))
        .map(([first, others]) => [first, ...others])
    : fc.array(consumer(fc.tuple(alone)), { minLength: 1, maxLength: 3 });
  const together = fc.tuple(consumer(fc.array(sharing, { minLength: 2, maxLength: 3 })));
  return fc.oneof({ weight: 3, arbitrary: separate }, { weight: 1, arbitrary: together });
}

const value = fc.oneof(
  { withCrossShrink: true },
  { weight: 12, arbitrary: fc.constant<Value>({ is: "plain" }) },
  { weight: 5, arbitrary: image.map((found): Value => ({ is: "odd", attributes: found })) },
  ...(["ended", "nul", "long", "reserved"] as const).map((is) => ({ weight: 1, arbitrary: fc.constant({ is }) })),
);

const key = fc.integer({ min: 0, max: 5 });

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant("put" as const), key, value }) },
  // To one key, so that some of them follow each other: then the change's two images are large.
  { weight: 2, arbitrary: fc.constant({ do: "put" as const, key: 0, value: { is: "large" as const } }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("remove" as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("burst" as const),
      writes: fc.integer({ min: 1, max: 200 }),
      keys: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "expire" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "settle" as const }) },
) as fc.Arbitrary<Step>;

/** Programs, workloads and faults of every kind. */
export function cases({ warehouse: hasWarehouse }: Kinds): fc.Arbitrary<Case> {
  const steps = fc.array(step, { minLength: 1, maxLength: 80, size: "max" });
  const of = (keepsImages: boolean, ...views: Table["view"][]) =>
    fc.record({
      table: fc.record(
        {
          ...{ hash: keyType, range: keyType, view: fc.constantFrom(...views) },
          proto: fc.constantFrom("key" as const, "end" as const),
        },
        { requiredKeys: ["hash", "view"] },
      ),
      consumers: consumers(keepsImages, hasWarehouse),
      steps,
      faults,
    }) as fc.Arbitrary<Case>;
  const withImages = of(true, "NEW_AND_OLD_IMAGES", "NEW_IMAGE");
  // A warehouse and a replica cannot work without new images.
  const without = hasWarehouse ? [] : [{ weight: 1, arbitrary: of(false, "OLD_IMAGE", "KEYS_ONLY") }];
  return fc.oneof({ weight: 5, arbitrary: withImages }, ...without);
}
