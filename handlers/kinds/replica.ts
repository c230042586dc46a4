import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Call, Change, Deliver } from "../core/contract.ts";
import { errorLine, isRefusal, type RefusalCodes } from "../core/errors.ts";
import { byVersion } from "../core/key-and-version.ts";
import { concurrently, persistently, sdkOptions } from "../core/requests.ts";
import { refusal, replicaItem, versionAttribute } from "./replica/item.ts";

export { expiryAttribute, versionAttribute } from "./replica/item.ts";

/** What the handler of a `replica` destination is connected with. */
export interface Settings {
  readonly tableName: string;
  /**
   * The Region of the replica's table.
   * @default the function's own
   */
  readonly region?: string;
  /** Days that a tombstone stays: longer than any change may come late, by the stream's day and a redrive after that. */
  readonly tombstoneDays: number;
}

/**
 * How DynamoDB refuses a write, see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html and
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html.
 */
export const refusals: RefusalCodes = new Set([
  "ConditionalCheckFailedException",
  "ItemCollectionSizeLimitExceededException",
  "SerializationException",
  "ValidationException",
]);

/**
 * Single writes, since only those can be conditional. At about 5 ms each, 32 at a time write some thousands of items a
 * second, as many as a new on-demand table takes.
 */
const concurrency = 32;

/**
 * Brings the replica to each key's last state in the batch. A write takes effect only over an older version, so that
 * changes may come again, and in any order.
 */
export function connect({ tableName, region, tombstoneDays }: Settings): Deliver {
  const client = new DynamoDBClient({ ...sdkOptions(concurrency), ...(region !== undefined && { region }) });

  const write = async (change: Change, call: Call): Promise<"written" | "refused" | "failed"> => {
    const problem = refusal(change);
    if (problem !== undefined) {
      call.explain(change, problem);
      return "refused";
    }
    const Item = replicaItem(change, tombstoneDays, new Date());
    const command = new PutItemCommand({
      TableName: tableName,
      Item,
      ConditionExpression: "attribute_not_exists(#version) OR #version < :version",
      ExpressionAttributeNames: { "#version": versionAttribute },
      ExpressionAttributeValues: { ":version": Item[versionAttribute]! },
    });
    try {
      await persistently(call, refusals, (abortSignal) => {
        call.sent(change.bytes);
        return client.send(command, { abortSignal });
      });
      return "written";
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return "written"; // by this change before, or by a later one
      call.explain(change, `DynamoDB: ${errorLine(error)}`);
      return isRefusal(error, refusals) ? "refused" : "failed";
    }
  };

  /**
   * Writes the last change of a key. If the table refuses just that one, such as an item that its version makes too large,
   * the one before is the best state there can be, and only what came after has failed. Otherwise all have: the last
   * would have stood for them, and none may be taken for done when its effect is nowhere.
   */
  const settle = async (history: readonly Change[], call: Call): Promise<readonly Change[]> => {
    for (let last = history.length - 1; last >= 0; last--) {
      const result = await write(history[last]!, call);
      if (result === "written") return history.slice(last + 1);
      if (result === "failed") {
        for (const change of history.slice(0, last))
          call.explain(change, "The last change of its key could not be written.");
        return history;
      }
    }
    return history;
  };

  return async (changes, call) => {
    const failed: Change[] = [];
    const histories = Map.groupBy(changes, ({ keyHash }) => keyHash).values();
    await concurrently(histories, concurrency, async (history) => {
      failed.push(...(await settle(history.toSorted(byVersion), call)));
    });
    return failed;
  };
}
