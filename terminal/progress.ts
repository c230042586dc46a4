import { styleText } from "node:util";

/** Tells a person what is being done, one line a step, to the stream that is not the result. */
export interface Progress {
  /** Runs a step and says how long it took; `update` shows how far it is. */
  step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

const firstWord = 2_000;
const nextWords = 10_000;

/**
 * Progress on a stream: on a terminal a line is redrawn in place; elsewhere a line is written when a step ends, two
 * seconds after it began, and every ten seconds from then on.
 */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return {
    async step(label, work) {
      const began = performance.now();
      let next = began + firstWord;
      let detail = "";
      const draw = (mark: string, end: string) => {
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        const said = `${label}${detail && ` · ${detail}`}`;
        // A line that wraps could not be redrawn: only its last part would be.
        const room = stream.isTTY && end === "" ? stream.columns - `${mark}  ${seconds} s`.length - 1 : said.length;
        const text = `${mark} ${said.slice(0, Math.max(0, room))} ${styleText("dim", `${seconds} s`, { stream })}`;
        stream.write(stream.isTTY ? `\r\u001b[2K${text}${end}` : `${text}\n`);
      };
      const tick = setInterval(() => {
        if (!stream.isTTY && performance.now() < next) return;
        next = performance.now() + nextWords;
        draw(" ", "");
      }, 100);
      try {
        const result = await work((text) => {
          detail = text;
        });
        clearInterval(tick);
        draw(styleText("green", "✔", { stream }), "\n");
        return result;
      } catch (error) {
        clearInterval(tick);
        draw(styleText("red", "✘", { stream }), "\n");
        throw error;
      }
    },
  };
}
