import { expect } from "chai";
import { usage as start } from "../../local/demo/arguments.ts";
import { usage as local } from "../../local/run/arguments.ts";
import { usage as soak } from "../../local/soak/arguments.ts";
import { usage as redrive } from "../../operate/redrive/arguments.ts";
import { helpText, readCommandLine, type Usage, wholeNumber } from "../../terminal/usage.ts";
import { UsageError } from "../../terminal/user-error.ts";

describe("a command line", () => {
  const read = (usage: Usage, argv: string[], environment: NodeJS.ProcessEnv) => () =>
    readCommandLine(usage, argv, environment);

  it("is refused where npm took an option for its own, with the way to say it", () => {
    expect(read(start, ["5"], { npm_lifecycle_event: "start", npm_config_films: "true" })).to.throw(
      UsageError,
      "npm took --films for its own: options come after a lone `--`, as in `npm start -- --films N`.\nSee `npm start -- --help`.",
    );
    const dry = { npm_lifecycle_event: "redrive", npm_config_dry_run: "true", npm_config_stack: "prod" };
    expect(read(redrive, [], dry)).to.throw(
      UsageError,
      "npm took --stack, --dry-run for its own: options come after a lone `--`, as in `npm run redrive -- --stack NAME --dry-run`.",
    );
  });

  for (const usage of [start, local, soak, redrive])
    for (const name of [...Object.keys(usage.options), "trace"])
      it(`of \`${usage.command}\` is refused where npm took --${name}`, () => {
        const environment = {
          npm_lifecycle_event: usage.command.split(" ").at(-1),
          [`npm_config_${name.replaceAll("-", "_")}`]: "true",
        };
        expect(read(usage, [], environment)).to.throw(UsageError, `npm took --${name} for its own`);
      });

  it("is not refused for what npm's user has switched off, or what another command was given", () => {
    const off = { npm_lifecycle_event: "start", npm_config_keep: "", npm_config_loglevel: "silent" };
    expect(read(start, [], off)().values.keep).to.equal(false);
    expect(read(start, [], { npm_lifecycle_event: "test", npm_config_json: "true" })().values.json).to.equal(false);
  });

  it("has whole numbers within their bounds", () => {
    const number = (text: string) => wholeNumber("--n", text, [1, 20], { command: "npm run it" });
    expect(["1", "20", "007"].map(number)).to.deep.equal([1, 20, 7]);
    for (const text of ["", "0", "21", "-1", "1.5", "1e1", " 2", "x"]) {
      expect(() => number(text), text).to.throw(
        UsageError,
        `--n ${text}: expected a whole number from 1 to 20.\nSee \`npm run it -- --help\`.`,
      );
    }
  });
});

describe("a command's help", () => {
  const usage: Usage = {
    command: "npm run it",
    about: "Does it.",
    operands: { NAME: "what to do it to" },
    options: {
      times: { type: "string", value: "N", default: "3", help: "how often it is done, one time after the other" },
      json: { type: "boolean", default: false, help: "print the result as JSON" },
    },
    notes: "It takes a while.",
    success: "it is done",
  };

  it("has every option with its default, and what the exit codes mean", () => {
    expect(helpText(usage, 100)).to.equal(`Does it.

Usage: npm run it -- NAME [options]

  NAME       what to do it to
  --times N  how often it is done, one time after the other [3]
  --json     print the result as JSON
  --trace    show stack traces of errors
  --help     show this text

It takes a while.
Exits with 0 if it is done, 1 if not, 2 if the command line is wrong, and 130 if it was interrupted.
`);
  });

  it("sets in what goes on in a narrow terminal, or begins on a line of its own", () => {
    expect(helpText(usage, 50)).to.contain(`
  --times N  how often it is done, one time after
             the other [3]
`);
    expect(helpText(usage, 40)).to.contain(`
  --times N
      how often it is done, one time
      after the other [3]
`);
  });

  for (const width of [50, 80, 120])
    for (const usage of [start, local, soak, redrive])
      it(`of \`${usage.command}\` fits ${width} columns`, () => {
        for (const line of helpText(usage, width).split("\n")) expect(line.length, line).to.be.at.most(width);
      });
});
