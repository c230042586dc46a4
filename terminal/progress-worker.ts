import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { drawn, type Line, now, type Style } from "./progress-line.ts";
import { isCurrent, locked } from "./progress-lock.ts";

/** What the thread is given. */
export interface ProgressWorkerData {
  readonly fd: number;
  readonly style: Style;
  readonly lock: Int32Array;
}

/** Milliseconds from a step's beginning to the first line of a log, and from one line to the next. */
const logInterval = { first: 2_000, next: 10_000 };

/** Milliseconds from one drawing of a terminal's line to the next. */
const redrawInterval = 100;

const { fd, style, lock } = workerData as ProgressWorkerData;
let line: Line | undefined;
let nextDrawing = 0;

parentPort!.on("message", (told: Line) => {
  if (told.step !== line?.step) nextDrawing = told.began + (style.redraws ? redrawInterval : logInterval.first);
  line = told;
});

setInterval(() => {
  if (line === undefined || now() < nextDrawing) return;
  const { step } = line;
  const text = drawn(line, style);
  const isWritten = locked(lock, () => !isCurrent(lock, step) || write(text));
  if (isWritten) nextDrawing = now() + (style.redraws ? 0 : logInterval.next);
}, redrawInterval);

/** Writes, unless nobody reads: a pipe may be full, and then the next drawing says more, or closed. */
function write(text: string): boolean {
  try {
    writeSync(fd, text);
    return true;
  } catch (error) {
    if (["EAGAIN", "EPIPE"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
