import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { loadHandler } from "../../../../local/engine/function/handler.ts";

const common = (answer: string) => `exports.handler = () => ${JSON.stringify(answer)};`;
const module = (answer: string) => `export const handler = () => ${JSON.stringify(answer)};`;

describe("a function's handler", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "handler-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const found: readonly (readonly [what: string, handler: string, files: Record<string, string>, answer: string])[] = [
    ["CommonJS in index.js", "index.handler", { "index.js": common("js") }, "js"],
    ["an ES module in index.mjs", "index.handler", { "index.mjs": module("mjs") }, "mjs"],
    ["CommonJS in index.cjs", "index.handler", { "index.cjs": common("cjs") }, "cjs"],
    [
      "an ES module in index.js beside a package.json that says so",
      "index.handler",
      { "index.js": module("js"), "package.json": '{ "type": "module" }' },
      "js",
    ],
    [
      "CommonJS in index.cjs, whatever its package.json says",
      "index.handler",
      { "index.cjs": common("cjs"), "package.json": '{ "type": "module" }' },
      "cjs",
    ],
    [
      "index.js before index.mjs and index.cjs",
      "index.handler",
      { "index.cjs": common("cjs"), "index.mjs": module("mjs"), "index.js": common("js") },
      "js",
    ],
    ["index.mjs before index.cjs", "index.handler", { "index.cjs": common("cjs"), "index.mjs": module("mjs") }, "mjs"],
    ["a file in a folder", "src/feed/index.handler", { "src/feed/index.mjs": module("inside") }, "inside"],
    [
      "a function in an object",
      "index.api.feed.handler",
      { "index.js": "exports.api = { feed: { handler: () => 'deep' } };" },
      "deep",
    ],
    [
      "a function of an instance, with what it belongs to left behind as Lambda does",
      "index.handler",
      { "index.mjs": "export default { handler() { return typeof this; } };" },
      "undefined",
    ],
    [
      "a module of a package",
      "feed.handler",
      { "node_modules/feed/index.js": common("package"), "node_modules/feed/package.json": '{ "name": "feed" }' },
      "package",
    ],
  ];
  for (const [what, handler, files, answer] of found) {
    it(`is ${what}`, async () => {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
      const handle = await loadHandler(folder, handler);
      expect(handle({}, {})).to.equal(answer);
    });
  }

  const refused: readonly (readonly [what: string, handler: string, code: string, name: string, message: RegExp])[] = [
    ["a path that leads out", "../index.handler", "", "MalformedHandlerName", /^'\.\.\/index\.handler' is not a valid/],
    ["no function's name", "index", "", "MalformedHandlerName", /^Bad handler$/],
    ["no such file", "other.handler", "", "ImportModuleError", /^Cannot find module 'other'$/],
    ["no such export", "index.other", "exports.handler = 1;", "HandlerNotFound", /^index\.other is undefined or not/],
    ["no function", "index.handler", "exports.handler = 1;", "HandlerNotFound", /^index\.handler is not a function$/],
    [
      "a package that is missing",
      "index.handler",
      "require('nothing');",
      "ImportModuleError",
      /Cannot find module 'nothing'/,
    ],
    ["what is not JavaScript", "index.handler", "exports = {", "UserCodeSyntaxError", /^SyntaxError: Unexpected end/],
  ];
  for (const [what, handler, code, name, message] of refused) {
    it(`is not: ${what}`, async () => {
      writeFileSync(join(folder, "index.cjs"), code);
      const error = await loadHandler(folder, handler).catch((reason) => reason);
      expect(error.name).to.equal(`Runtime.${name}`);
      expect(error.message).to.match(message);
    });
  }
});
