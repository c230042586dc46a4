import { isObject } from "../../../infra/is-object.ts";
import { list, steps, sum } from "./units.ts";

type Json = Readonly<Record<string, unknown>>;

const kilobyte = 1024;
const readStep = 4 * kilobyte;

/** Write units of an item, as large as the largest of what is known of it before and after. */
function written(...items: unknown[]): number {
  return steps(Math.max(...items.map(itemSize)), kilobyte);
}

/** Read units of so many bytes; half of them unless the read is consistent. */
function read(bytes: number, consistent: unknown): number {
  return steps(bytes, readStep) * (consistent === true ? 1 : 0.5);
}

/**
 * Write units of a single write. What it did to an item is known only where the answer has the item; otherwise an update
 * and a delete count as what the request has of it, so the figure is the least that is billed. A condition that does not
 * hold is billed like the write. Indexes are left out.
 */
export function oneWrite(request: Json, response: Json): number {
  const { Item, Key, ExpressionAttributeValues: values } = request;
  const updated = isObject(Key) ? { ...Key, ...(isObject(values) ? values : {}) } : undefined;
  return written(Item, updated, response.Attributes, response.Item);
}

/** Write units of a bulk write: those of each item that was processed. */
export function manyWrites({ RequestItems }: Json, { UnprocessedItems }: Json): number {
  const units = (items: unknown) => sum(byTable(items).map((write) => writeOf(write)));
  return units(RequestItems) - units(UnprocessedItems);
}

/** Write units of a transaction, twice those of its writes; a condition alone is one of them. */
export function transactedWrites({ TransactItems }: Json): number {
  const actions = list(TransactItems).flatMap((action) => Object.values(isObject(action) ? action : {}));
  return 2 * sum(actions.map((action) => (isObject(action) ? oneWrite(action, {}) : 0)));
}

/** Read units of a single item, whether it is there or not. */
export function oneRead({ ConsistentRead }: Json, { Item }: Json): number {
  return read(itemSize(Item), ConsistentRead);
}

/** Read units of a page: of all its items together. What a filter took out is not in the answer, so the figure is the least that is billed. */
export function pageRead({ ConsistentRead }: Json, { Items }: Json): number {
  return read(sum(list(Items).map(itemSize)), ConsistentRead);
}

/** Read units of a bulk read: those of each item that was asked for and answered, there or not. */
export function manyReads({ RequestItems }: Json, { Responses, UnprocessedKeys }: Json): number {
  const tables = Object.entries(isObject(RequestItems) ? RequestItems : {});
  return sum(
    tables.map(([table, asked]) => {
      const { Keys, ConsistentRead } = asked as Json;
      const found = list((Responses as Json | undefined)?.[table]);
      const left = list(((UnprocessedKeys as Json | undefined)?.[table] as Json | undefined)?.Keys);
      const missing = Math.max(0, list(Keys).length - left.length - found.length);
      return sum(found.map((item) => read(itemSize(item), ConsistentRead))) + missing * read(0, ConsistentRead);
    }),
  );
}

/** Read units of a transaction: twice those of consistent reads. */
export function transactedReads({ TransactItems }: Json, { Responses }: Json): number {
  const items = list(Responses).map((answer) => (isObject(answer) ? answer.Item : undefined));
  return sum(list(TransactItems).map((_, index) => 2 * read(itemSize(items[index]), true)));
}

function writeOf(write: unknown): number {
  const { PutRequest, DeleteRequest } = write as { PutRequest?: Json; DeleteRequest?: Json };
  return written(PutRequest?.Item, DeleteRequest?.Key);
}

function byTable(items: unknown): readonly unknown[] {
  return Object.values(isObject(items) ? items : {}).flatMap(list);
}

/**
 * How large DynamoDB counts an item, from its wire form. Its guide calls the figure for numbers approximate, and says nothing
 * of sets, which count as their members here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: unknown): number {
  if (!isObject(item)) return 0;
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));
}

const sizes: Readonly<Record<string, (content: unknown) => number>> = {
  S: (text) => Buffer.byteLength(String(text)),
  N: (number) => numberSize(String(number)),
  B: (base64) => Buffer.byteLength(String(base64), "base64"),
  BOOL: () => 1,
  NULL: () => 1,
  L: (elements) => 3 + sum(list(elements).map((element) => 1 + valueSize(element))),
  M: (map) => (isObject(map) ? 3 + Object.keys(map).length + itemSize(map) : 0),
  SS: (set) => sum(list(set).map((member) => sizes.S!(member))),
  NS: (set) => sum(list(set).map((member) => sizes.N!(member))),
  BS: (set) => sum(list(set).map((member) => sizes.B!(member))),
};

function valueSize(value: unknown): number {
  if (!isObject(value)) return 0;
  return sum(Object.entries(value).map(([type, content]) => sizes[type]?.(content) ?? 0));
}

/** One byte for every two significant digits, and one more. */
function numberSize(number: string): number {
  const [mantissa = ""] = number.split(/e/i);
  const digits = mantissa.replace(/[-+.]/g, "").replace(/^0+|0+$/g, "");
  return Math.ceil(digits.length / 2) + 1;
}
