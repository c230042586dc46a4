import { styleText } from "node:util";
import { Worker } from "node:worker_threads";
import { drawn, type Line, type Mark, now, type Style } from "./progress-line.ts";
import { locked, newLock, setCurrent } from "./progress-lock.ts";
import type { ProgressWorkerData } from "./progress-worker.ts";
import { columnsOf } from "./text.ts";

/** Tells a person what is being done, one line a step, to the stream that is not the result. */
export interface Progress {
  /** Runs a step and says how long it took; `update` shows how far it is. */
  step<T>(label: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/**
 * Progress on a stream of this process's, such as `process.stderr`, one step after the other. A terminal's line is redrawn in
 * place. Elsewhere, and on a terminal that cannot redraw (`TERM=dumb`), it is a log: a line is written when a step ends, two
 * seconds after it began, and every ten seconds from then on.
 */
export function progressOn(
  stream: NodeJS.WriteStream & { readonly fd: number },
  environment: NodeJS.ProcessEnv = process.env,
): Progress {
  const isDumb = environment.TERM === "dumb";
  const style: Style = {
    redraws: stream.isTTY && !isDumb,
    colours: !isDumb && styleText("dim", "x", { stream }) !== "x",
  };
  const lock = newLock();
  let worker: Worker | undefined;
  let steps = 0;
  return {
    async step(label, work) {
      worker ??= drawingThread({ fd: stream.fd, style, lock });
      let line: Line = { step: ++steps, label, detail: "", began: now(), columns: columnsOf(stream, environment) };
      setCurrent(lock, line.step);
      worker.postMessage(line);
      const end = (mark: Mark) =>
        locked(lock, () => {
          setCurrent(lock, 0);
          stream.write(drawn(line, style, mark));
        });
      try {
        const result = await work((detail) => {
          line = { ...line, detail, columns: columnsOf(stream, environment) };
          worker!.postMessage(line);
        });
        end("✔");
        return result;
      } catch (error) {
        end("✘");
        throw error;
      }
    },
  };
}

/** A thread of its own draws, so that time is seen to pass while this one is busy. It ends with the process. */
function drawingThread(workerData: ProgressWorkerData): Worker {
  const worker = new Worker(new URL("progress-worker.ts", import.meta.url), { workerData, execArgv: [] });
  worker.unref();
  return worker;
}
