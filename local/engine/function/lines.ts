import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/** Calls back with each line of a text stream, and with what is left when it ends; resolves then. */
export async function eachLine(stream: Readable, callback: (line: string) => void): Promise<void> {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) callback(line);
  });
  await finished(stream);
  if (rest !== "") callback(rest);
}
