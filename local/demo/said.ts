import type { StreamChange } from "../../operate/compare/stream.ts";

/** What functions print of a batch that failed in part, as far as it is looked at. */
interface BatchLine {
  readonly level?: string;
  readonly failures?: readonly { readonly sequenceNumber: string; readonly reason: string }[];
  readonly undecodable?: { readonly sequenceNumber: string; readonly reason: string };
}

/** What a function has said, by sequence number, of the changes that it could not deliver: of each the last reason. */
export function reasonsIn(log: readonly string[]): ReadonlyMap<StreamChange["version"], string> {
  const said = log.map(parsed).flatMap(reasonsOf);
  return new Map(said.map(({ sequenceNumber, reason }) => [sequenceNumber, reason]));
}

/** What a function has said of its last batch, if that failed, even in part. */
export function lastReasonIn(log: readonly string[]): string | undefined {
  const last = log.map(parsed).findLast(({ level }) => level !== undefined) ?? {};
  return last.level === "WARN" ? reasonsOf(last)[0]?.reason : undefined;
}

function reasonsOf({ failures = [], undecodable }: BatchLine) {
  return [...failures, ...(undecodable ? [undecodable] : [])];
}

/** A line that a program of the user's own prints may only look like JSON. */
function parsed(line: string): BatchLine {
  if (!line.startsWith("{")) return {};
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
