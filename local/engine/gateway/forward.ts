import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import type { Readable } from "node:stream";
import type { Answer } from "./aws-error.ts";

/** A request as the caller made it, its body apart. */
export interface Envelope {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Sends a request to an emulator and waits for the whole answer. */
export async function forward(envelope: Envelope, body: Buffer, emulator: string, agent: Agent): Promise<Answer> {
  const { method, path, headers } = envelope;
  const outgoing = request(new URL(path, emulator), {
    agent,
    method,
    headers: { ...endToEnd(headers), "content-length": body.length },
  });
  outgoing.on("error", () => {}); // what fails is what waits for the response, below
  outgoing.end(body);
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  const answer = {
    status: response.statusCode ?? 500,
    headers: endToEnd(response.headers),
    body: await whole(response),
  };
  // The answer to HEAD has the length of a body that does not come, or none.
  const length = response.headers["content-length"];
  if (method === "HEAD" && length !== undefined) answer.headers["content-length"] = length;
  return answer;
}

/** Everything that a stream of bytes brings. */
export async function whole(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rest = { ...headers };
  for (const name of ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"]) delete rest[name];
  return rest;
}
