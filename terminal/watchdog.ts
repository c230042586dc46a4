import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Has a command run once this process has ended, however it ended: SIGKILL gives a process no time to clean up. A shell waits
 * for the end of its input, which the system closes with the process.
 * @returns calls it off
 */
export function whenThisProcessEnds(command: string, args: readonly string[]): () => void {
  const script = 'read -r calledOff || exec "$@"';
  // A session of its own: neither Ctrl-C nor the end of the terminal ends it before its time. What it runs says on stderr what goes wrong.
  const child = spawn("/bin/sh", ["-c", script, "sh", command, ...args], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const { stdin } = child;
  child.unref();
  (stdin as Socket).unref();
  stdin.on("error", () => {}); // it has ended before it was called off: then there is nothing to call off
  return () => void stdin.end("called off\n");
}

/** Has a file or folder removed once this process has ended, however it ended. */
export function removeWhenThisProcessEnds(path: string): () => void {
  const script = 'require("node:fs").rmSync(process.argv[1], { recursive: true, force: true })';
  return whenThisProcessEnds(process.execPath, ["-e", script, path]);
}
