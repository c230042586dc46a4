import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, normalize } from "node:path";

/** Where to get a Pulumi CLI. */
export const download = "https://www.pulumi.com/docs/iac/download-install/";

/** A Pulumi CLI that can be started. */
export interface PulumiCli {
  readonly file: string;
  /** Whether it is the npm package, which fetches a CLI of its own version at its first use. */
  readonly isPackage: boolean;
}

/**
 * The Pulumi CLI that the PATH leads to. npm puts the folders of its packages first, where the package `pulumi` would hide the
 * CLI that the user has installed, and keeps up to date: that one comes before it. Undefined if there is neither.
 */
export function pulumiCli(environment = process.env, platform = process.platform): PulumiCli | undefined {
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const ofPackages = (folder: string) => /[\\/]node_modules[\\/]\.bin[\\/]?$/.test(normalize(folder));
  const names = platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  const find = (among: readonly string[]) =>
    among.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  const own = find(folders.filter((folder) => !ofPackages(folder)));
  if (own !== undefined) return { file: own, isPackage: false };
  const packaged = find(folders.filter(ofPackages));
  return packaged === undefined ? undefined : { file: packaged, isPackage: true };
}

/** Whether a CLI must be started by a shell, as Windows' scripts must. */
export function needsShell({ file }: PulumiCli): boolean {
  return file.endsWith(".cmd");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not to be run: the PATH goes on
  }
}
