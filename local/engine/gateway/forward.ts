import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Answer } from "./aws-error.ts";

/** A request as the caller made it, but for its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Sends a request to an emulator and waits for the whole answer. */
export async function forward(head: RequestHead, body: Buffer, emulator: string, agent: Agent): Promise<Answer> {
  const { method, path, headers } = head;
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
    body: await buffer(response),
  };
  // The answer to HEAD has the length of a body that does not come, or none.
  const length = response.headers["content-length"];
  if (method === "HEAD" && length !== undefined) answer.headers["content-length"] = length;
  return answer;
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rest = { ...headers };
  for (const name of ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"]) delete rest[name];
  return rest;
}
