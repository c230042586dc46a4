import { styleText } from "node:util";

/** Tells a person what is being done, one line a step, to the stream that is not the result. */
export interface Progress {
  /** Runs a step and says how long it took; `update` shows how far it is. */
  step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Milliseconds from a step's beginning to the first line of a log, and from one line to the next. */
const logInterval = { first: 2_000, next: 10_000 };

/** Milliseconds from one drawing of a terminal's line to the next. */
const redrawInterval = 100;

/** What is assumed of a terminal that does not say how wide it is. */
const usualColumns = 80;

/**
 * Progress on a stream. A terminal's line is redrawn in place. Elsewhere, and on a terminal that cannot redraw (`TERM=dumb`), it
 * is a log: a line is written when a step ends, two seconds after it began, and every ten seconds from then on.
 */
export function progressOn(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv = process.env): Progress {
  const redraws = stream.isTTY && environment.TERM !== "dumb";
  return {
    async step(label, work) {
      const began = performance.now();
      let nextLine = began + logInterval.first;
      let detail = "";
      const draw = (mark: string, isLast: boolean) => {
        const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
        const whole = detail === "" ? label : `${label} · ${detail}`;
        // A line that wraps could not be redrawn: only its last part would be.
        const text = redraws && !isLast ? whole.slice(0, roomBeside(`${mark}  ${time}`, stream)) : whole;
        const line = `${mark} ${text} ${styleText("dim", time, { stream })}`;
        stream.write(redraws ? `\r\u001b[2K${line}${isLast ? "\n" : ""}` : `${line}\n`);
      };
      const timer = setInterval(() => {
        if (!redraws && performance.now() < nextLine) return;
        nextLine = performance.now() + logInterval.next;
        draw(" ", false);
      }, redrawInterval);
      try {
        const result = await work((text) => {
          detail = text;
        });
        clearInterval(timer);
        draw(styleText("green", "✔", { stream }), true);
        return result;
      } catch (error) {
        clearInterval(timer);
        draw(styleText("red", "✘", { stream }), true);
        throw error;
      }
    },
  };
}

/** How many columns of a terminal's line are left. The last one stays free: some terminals wrap after it. */
function roomBeside(rest: string, { columns }: NodeJS.WriteStream): number {
  return Math.max(0, (columns || usualColumns) - rest.length - 1);
}
