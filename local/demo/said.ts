import type { StreamChange } from "../../operate/compare/stream.ts";

/** What functions print of a batch that failed in part, as far as it is looked at. */
interface BatchLine {
  readonly failures?: readonly { readonly sequenceNumber: string; readonly reason: string }[];
  readonly undecodable?: { readonly sequenceNumber: string; readonly reason: string };
}

/** What a function has said, by sequence number, of the changes that it could not deliver: of each the last reason. */
export function reasonsIn(log: readonly string[]): ReadonlyMap<StreamChange["version"], string> {
  const lines = log.filter((line) => line.startsWith("{")).map(parsed);
  const said = lines.flatMap(({ failures = [], undecodable }) => [...failures, ...(undecodable ? [undecodable] : [])]);
  return new Map(said.map(({ sequenceNumber, reason }) => [sequenceNumber, reason]));
}

/** A line that a program of the user's own prints may only look like JSON. */
function parsed(line: string): BatchLine {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
