import type { Progress } from "../../terminal/progress.ts";
import { type Engine, type Progress as EngineProgress, type UpOptions, up } from "../engine/engine.ts";

/** Brings a program up, and shows how far it is. */
export function bringUp(what: string, progress: Progress, options: UpOptions): Promise<Engine> {
  return progress.step(`Bringing ${what} up`, (update) => {
    let resources = 0;
    return up({
      ...options,
      onProgress(event: EngineProgress) {
        if (event.kind === "resource") resources += 1;
        update(event.kind === "emulator" ? `${event.name} is up` : `${resources} resources`);
        options.onProgress?.(event);
      },
    });
  });
}
