import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { UserError } from "../../../../terminal/user-error.ts";
import { dockerAnswers, launchWithDocker } from "./docker.ts";
import { launchWithJava } from "./java.ts";
import type { Launched } from "./launched.ts";

/** A way to start DynamoDB Local on this machine. */
export interface Launcher {
  /** How long it may take to answer, in milliseconds. */
  readonly limit: number;
  launch(): Promise<Launched>;
}

const oldestJava = 17;
const withJava: Launcher = { limit: 60_000, launch: launchWithJava };
/** Docker may have to fetch the image. */
const withDocker: Launcher = { limit: 600_000, launch: launchWithDocker };

/** How DynamoDB Local is started here: with Java 17 or newer, or else with Docker. A UserError says what to install where there is neither. */
export async function findLauncher(): Promise<Launcher> {
  const java = await javaVersion();
  if (java !== undefined && java >= oldestJava) return withJava;
  if (await dockerAnswers()) return withDocker;
  throw new UserError(
    `The stand-in for DynamoDB needs Java ${oldestJava} or newer, or a running Docker: ` +
      (java === undefined ? "no `java` was found on the PATH" : `the \`java\` on the PATH is version ${java}`) +
      ` and Docker does not answer. Install a JRE (Debian and Ubuntu: \`apt-get install openjdk-17-jre-headless\`, macOS: \`brew install openjdk\`), then try again.`,
  );
}

async function javaVersion(): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)("java", ["-version"]);
    const major = /version "(?:1\.)?(\d+)/.exec(stdout + stderr)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined; // no java, or one that cannot run: both mean that it cannot be used
  }
}
