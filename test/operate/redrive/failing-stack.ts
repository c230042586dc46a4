import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { type Engine, up } from "../../../local/engine/engine.ts";
import type { FaultHook } from "../../../local/engine/gateway/fault.ts";
import { type RedriveOptions, redrive } from "../../../operate/redrive/redrive.ts";
import { onThisMachine } from "../../../operate/stack/running.ts";
import type { Progress } from "../../../terminal/progress.ts";
import { sharedDynamoDb } from "../../support/dynamodb.ts";
import { stacks } from "../../support/stacks.ts";

const silent: Progress = { step: (_, work) => work(() => {}) };

/** Gives up at once: what is down for two seconds goes to the failure queue. */
export const impatient = {
  mapping: { maximumRetryAttempts: 0, bisectBatchOnFunctionError: false, batchSize: 5 },
  function: { timeout: 2 },
};

/** A stack for the tests of one suite, whose destinations can be made to fail; each test starts it anew. */
export class FailingStack {
  /** Which of the functions' operations find their service unavailable. */
  readonly out = new Set<string>();
  /** Which calls are refused, as never to be carried out. */
  refused: FaultHook = () => undefined;
  #engine: Engine | undefined;

  constructor() {
    afterEach(async () => {
      this.out.clear();
      this.refused = () => undefined;
      await this.#engine?.down();
    });
  }

  get engine(): Engine {
    return this.#engine!;
  }

  async start(destinations: object): Promise<void> {
    const { endpoint } = await sharedDynamoDb();
    this.#engine = await up({
      ...stacks,
      dynamoDbEndpoint: endpoint,
      timeScale: 0.01,
      config: { "fanout:destinations": destinations },
      faults: (call) => {
        if (call.principal.kind !== "function") return undefined;
        const error = { status: 503, code: "ServiceUnavailable", message: "not now" };
        return this.out.has(call.operation) ? { kind: "error", error } : this.refused(call);
      },
    });
  }

  async put(id: string, more = {}): Promise<void> {
    const Item = { id: { S: id }, ...more };
    await this.engine.clients.dynamodb.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async remove(id: string): Promise<void> {
    await this.engine.clients.dynamodb.send(new DeleteItemCommand({ TableName: this.#table, Key: { id: { S: id } } }));
  }

  redrive(options: RedriveOptions = {}, progress = silent) {
    return redrive(onThisMachine(this.engine, "dev"), options, progress);
  }

  get #table(): string {
    return String(this.engine.outputs.table);
  }
}
