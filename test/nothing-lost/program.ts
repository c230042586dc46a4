import type { Case, Consumer, Destination } from "./case.ts";
import { endAttribute, keySchema } from "./items.ts";

/** The stack configuration of a case. */
export function configuration({ table, consumers }: Case): Record<string, unknown> {
  const [hashKey, rangeKey] = keySchema(table);
  return {
    "fanout:source": {
      hashKey,
      ...(rangeKey && { rangeKey }),
      streamViewType: table.view,
      ttlAttribute: endAttribute(table),
    },
    "fanout:maxReadersPerShard": consumers.length,
    "fanout:destinations": Object.fromEntries(consumers.flatMap(destinationsOf)),
  };
}

/** The destinations of one consumer, by names that say which it is. */
function destinationsOf(consumer: Consumer, index: number): [name: string, settings: object][] {
  return consumer.destinations.map((destination, i) => [
    destinationName(index, i, destination),
    {
      ...settingsOf(destination),
      consumer: `c${index}`,
      mapping: consumer.mapping,
      function: consumer.function,
      ...(consumer.only && { filters: [{ eventName: consumer.only }] }),
    },
  ]);
}

/** What a case's history calls a destination. */
export function destinationName(consumer: number, index: number, { kind }: Destination): string {
  return `${kind}-${consumer}-${index}`;
}

function settingsOf(destination: Destination): object {
  if (destination.kind !== "redshift") return destination;
  return { ...destination, bufferingInterval: 60, bufferingSize: 1 };
}
