import { styleText } from "node:util";

/** Tells a person what is being done, one line a step, to the stream that is not the result. */
export interface Progress {
  /** Runs a step and says how long it took; `update` shows how far it is. */
  step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

const sayEvery = 2_000;

/**
 * Progress on a stream: on a terminal a line is redrawn in place; elsewhere a line is written when a step ends, and every
 * two seconds while it runs.
 */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return {
    async step(label, work) {
      const began = performance.now();
      let said = began;
      let detail = "";
      const draw = (mark: string, end: string) => {
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        const text = `${mark} ${label}${detail && ` · ${detail}`} ${styleText("dim", `${seconds} s`, { stream })}`;
        stream.write(stream.isTTY ? `\r\u001b[2K${text}${end}` : `${text}\n`);
      };
      const tick = setInterval(() => {
        if (!stream.isTTY && performance.now() - said < sayEvery) return;
        said = performance.now();
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
