import { CreateQueueCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { engine } from "../gateway/service-call.ts";
import type { World } from "./world.ts";

/**
 * Makes the queues that a program expects to find, empty: those that its roles may use by their whole names and that it does
 * not make itself. AWS would have them, and a program that only names a queue registers nothing.
 */
export async function makeExpectedQueues(world: World): Promise<void> {
  for (const arn of namedQueues(world)) await world.expectQueue(arn);
}

/** Makes a queue, empty, unless it is there. */
export async function makeExpectedQueue(arn: string, { clientsAs, expect }: Pick<World, "clientsAs" | "expect">) {
  const [, , , region = "", , name = ""] = arn.split(":");
  const { sqs } = clientsAs(engine, region);
  try {
    await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  } catch (error) {
    if (!/NonExistentQueue|QueueDoesNotExist/.test((error as Error).name)) throw error;
    const Attributes = name.endsWith(".fifo") ? { FifoQueue: "true" } : undefined;
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    expect(`the queue ${arn}`);
  }
}

/** The ARNs of queues, without wildcards, that the policies of the program's roles allow something on. */
function namedQueues({ roles }: World): ReadonlySet<string> {
  const statements = [...roles.values()]
    .flatMap(({ inline, attached }) => [...inline.values(), ...attached.values()])
    .flatMap((policy) => policy.statements);
  const allowed = statements.flatMap(({ effect, resources = [] }) => (effect === "Allow" ? resources : []));
  return new Set(allowed.filter((resource) => /^arn:[^:]+:sqs:[^:*?]+:\d{12}:[\w-]+(\.fifo)?$/.test(resource)));
}
