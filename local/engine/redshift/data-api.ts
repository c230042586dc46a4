import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Redshift } from "./redshift.ts";
import { statements } from "./tokens.ts";

/** How a statement ended; there is none that still runs. */
interface Ended {
  readonly Status: "FINISHED" | "FAILED";
  readonly Error?: string;
}

/** An error that the Data API answers a call with. */
class DataApiError extends Error {
  override readonly name = "DataApiError";
  /** Such as `ValidationException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Input = Readonly<Record<string, unknown>>;

/**
 * A stand-in for the Redshift Data API: `ExecuteStatement` and `DescribeStatement`. Every statement runs in the one database
 * of this machine, whatever warehouse it is for, as a superuser; it has ended when its id is given out.
 */
export class DataApi {
  readonly #redshift: (warehouse: string) => Promise<Pick<Redshift, "execute">>;
  readonly #ended = new Map<string, Ended>();

  /** @param redshift where the statements of a workgroup or cluster run, by its name */
  constructor(redshift: (warehouse: string) => Promise<Pick<Redshift, "execute">>) {
    this.#redshift = redshift;
  }

  /** Answers a request in the Data API's protocol (awsJson1_1). */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() });
      response.end(JSON.stringify(body));
    };
    try {
      const input = Object(await json(request)) as Input;
      send(200, await this.#answer(String(request.headers["x-amz-target"]), input));
    } catch (error) {
      const [status, code] = error instanceof DataApiError ? [400, error.code] : [500, "InternalServerException"];
      send(status, { __type: code, message: (error as Error).message });
    }
  }

  async #answer(target: string, input: Input): Promise<unknown> {
    if (target === "RedshiftData.ExecuteStatement") return { Id: await this.#execute(input) };
    if (target === "RedshiftData.DescribeStatement") return this.#describe(input);
    const message = `the stand-in for the Redshift Data API does not know ${target}`;
    throw new DataApiError("UnknownOperationException", message);
  }

  async #execute({ Sql, WorkgroupName, ClusterIdentifier, Database, SecretArn }: Input): Promise<string> {
    const wrong = (message: string) => new DataApiError("ValidationException", message);
    if (typeof Sql !== "string" || typeof Database !== "string") throw wrong("Sql and Database are required");
    if ((WorkgroupName === undefined) === (ClusterIdentifier === undefined))
      throw wrong("either WorkgroupName or ClusterIdentifier is required");
    if (typeof SecretArn !== "string") throw wrong("here, statements run with SecretArn only");
    const count = statements(Sql).length;
    if (count !== 1) throw wrong(`Sql has ${count} statements, but ExecuteStatement takes one`);
    const id = randomUUID();
    const redshift = await this.#redshift(String(WorkgroupName ?? ClusterIdentifier));
    this.#ended.set(
      id,
      await redshift.execute(Sql).then(
        () => ({ Status: "FINISHED" }) as const,
        (error: Error) => ({ Status: "FAILED", Error: `ERROR: ${error.message}` }) as const,
      ),
    );
    return id;
  }

  #describe({ Id }: Input): unknown {
    const ended = this.#ended.get(String(Id));
    if (ended === undefined) throw new DataApiError("ResourceNotFoundException", "Query does not exist.");
    return { Id, ...ended };
  }
}
