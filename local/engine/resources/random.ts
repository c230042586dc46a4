import { randomBytes, randomInt } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import { accept, type LocalResource } from "../resource.ts";

const classes = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

/** A random password of the wanted length and characters. */
export const randomPassword: LocalResource = {
  create(registration) {
    const args = accept<random.RandomPasswordArgs>(registration, {
      used: [
        "length",
        "lower",
        "minLower",
        "minNumeric",
        "minSpecial",
        "minUpper",
        "number",
        "numeric",
        "overrideSpecial",
        "special",
        "upper",
      ],
      ignored: ["keepers"],
    });
    const sets = [
      { letters: classes.lower, allowed: args.lower ?? true, least: args.minLower ?? 0 },
      { letters: classes.upper, allowed: args.upper ?? true, least: args.minUpper ?? 0 },
      { letters: classes.numeric, allowed: args.numeric ?? args.number ?? true, least: args.minNumeric ?? 0 },
      { letters: args.overrideSpecial ?? classes.special, allowed: args.special ?? true, least: args.minSpecial ?? 0 },
    ].filter(({ allowed }) => allowed);
    const all = sets.map(({ letters }) => letters).join("");
    const chosen = sets.flatMap(({ letters, least }) => Array.from({ length: least }, () => pick(letters)));
    while (chosen.length < args.length) chosen.push(pick(all));
    return { id: "none", outputs: { result: pulumi.secret(shuffled(chosen).join("")) } };
  },
};

/** Random bytes, in several spellings. */
export const randomId: LocalResource = {
  create(registration) {
    const args = accept<random.RandomIdArgs>(registration, {
      used: ["byteLength", "prefix"],
      ignored: ["keepers"],
    });
    const bytes = randomBytes(args.byteLength);
    const { prefix = "" } = args;
    const spelled = {
      hex: prefix + bytes.toString("hex"),
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + bytes.toString("base64url"),
    };
    return { id: bytes.toString("base64url"), outputs: spelled };
  },
};

function pick(letters: string): string {
  return letters.charAt(randomInt(letters.length));
}

function shuffled(letters: readonly string[]): string[] {
  const mixed = [...letters];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
