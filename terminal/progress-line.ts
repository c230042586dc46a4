/** A step's line while it lasts, as one thread tells the other. */
export interface Line {
  /** Which step of its process it is. */
  readonly step: number;
  readonly label: string;
  /** How far it is. */
  readonly detail: string;
  /** When it began, as `now` says it. */
  readonly began: number;
  /** How many columns there are to draw on. */
  readonly columns: number;
}

/** How lines are written. */
export interface Style {
  /** Whether a line is redrawn in place. */
  readonly redraws: boolean;
  readonly colours: boolean;
}

/** A step that has ended. */
export type Mark = "✔" | "✘";

const colours = { "✔": "\u001b[32m", "✘": "\u001b[31m", " ": "" };
const dim = "\u001b[2m";
const plain = "\u001b[0m";

/** Milliseconds since some moment, the same one for all threads. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** What is written of a step: that it goes on, in one line of the terminal, or that it has ended. */
export function drawn(
  { label, detail, began, columns }: Line,
  { redraws, colours: coloured }: Style,
  end?: Mark,
): string {
  const mark = end ?? " ";
  const time = `${((now() - began) / 1000).toFixed(1)} s`;
  const whole = detail === "" ? label : `${label} · ${detail}`;
  // A line that wraps could not be redrawn: only its last part would be. The last column stays free: some terminals wrap after it.
  const room = Math.max(0, columns - `${mark}  ${time}`.length - 1);
  const text = redraws && end === undefined ? whole.slice(0, room) : whole;
  const line = coloured
    ? `${mark === " " ? mark : colours[mark] + mark + plain} ${text} ${dim}${time}${plain}`
    : `${mark} ${text} ${time}`;
  return redraws ? `\r\u001b[2K${line}${end === undefined ? "" : "\n"}` : `${line}\n`;
}
