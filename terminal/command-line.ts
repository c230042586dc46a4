import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "./user-error.ts";

/** Reads a command line that has options only; what is wrong with it is a UserError that says where to find help. */
export function commandLine<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: Options,
  helpCommand: string,
) {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw wrong((error as Error).message, helpCommand);
  }
}

/** What is wrong with a command line. */
export function wrong(message: string, helpCommand: string): UserError {
  return new UserError(`${message}\nSee \`${helpCommand}\`.`);
}

/** An option's text as a whole number; what is wrong with it is a UserError. */
export function wholeNumber(flag: string, text: string, [least, most]: readonly [number, number], helpCommand: string) {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw wrong(`${flag} ${text}: expected a whole number from ${least} to ${most}.`, helpCommand);
}
