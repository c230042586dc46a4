import { expect } from "chai";
import { circleOf, importsOf, sourceFiles } from "./support/imports.ts";

/**
 * The rooms, from top to bottom, and what each one may import: only what stands below it. A room is the longest of these
 * names that a file's path begins with. `type` before a name means that nothing of it is left when the program runs.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "index.ts": ["infra/fan-out.ts", "infra/stack"],
  "local/new-kind": ["infra/kinds.ts", "terminal"],
  "local/soak": [
    "local/demo",
    "local/kinds.ts",
    "local/engine/engine.ts",
    "local/engine/gateway",
    "local/engine/seeded-random.ts",
    "operate/verify",
    "operate/stack",
    "operate/compare",
    "terminal",
  ],
  "local/demo": [
    "local/run",
    "local/kinds.ts",
    "type local/engine/engine.ts",
    "type local/engine/events.ts",
    "type local/engine/gateway",
    "local/engine/cost",
    "local/engine/seeded-random.ts",
    "operate/redrive",
    "operate/verify",
    "operate/stack",
    "operate/kinds.ts",
    "type operate/kind.ts",
    "operate/compare",
    "type infra/kinds.ts",
    "handlers/core",
    "terminal",
  ],
  "local/run": [
    "local/engine/engine.ts",
    "local/engine/environment.ts",
    "type local/engine/events.ts",
    "operate/stack",
    "terminal",
  ],
  "local/kinds.ts": ["local/kinds", "type local/kind.ts", "type infra/kinds.ts"],
  "local/kinds": ["type local/kind.ts", "local/engine/cost", "handlers/kinds"],
  "local/kind.ts": [
    "type local/engine/engine.ts",
    "type local/engine/gateway",
    "type local/engine/cost",
    "type operate/kind.ts",
  ],
  "local/engine/engine.ts": [
    "local/engine/register.ts",
    "local/engine/environment.ts",
    "local/engine/world",
    "type local/engine/lambda",
    "type local/engine/function",
    "type local/engine/events.ts",
    "type local/engine/firehose",
    "type local/engine/gateway",
    "local/engine/program",
    "type local/engine/redshift",
    "local/engine/time-to-live",
    "local/engine/aws.ts",
    "type operate/clients.ts",
  ],
  "local/engine/environment.ts": ["type local/engine/gateway"],
  "local/engine/register.ts": [
    "local/engine/resources.ts",
    "local/engine/resources",
    "type local/engine/resource.ts",
    "type local/engine/world",
    "terminal",
  ],
  "local/engine/resources.ts": ["local/engine/resources", "type local/engine/resource.ts"],
  "local/engine/resources": [
    "local/engine/resource.ts",
    "type local/engine/world",
    "local/engine/function",
    "local/engine/events.ts",
    "local/engine/mapping",
    "local/engine/iam",
    "local/engine/gateway",
    "local/engine/redshift",
    "local/engine/aws.ts",
    "type operate/clients.ts",
    "operate/stream",
    "infra/is-object.ts",
    "terminal",
  ],
  "local/engine/resource.ts": ["type local/engine/world", "infra/is-object.ts", "terminal"],
  "local/engine/world": [
    "local/engine/lambda",
    "local/engine/mapping",
    "type local/engine/function",
    "local/engine/events.ts",
    "local/engine/iam",
    "local/engine/firehose",
    "local/engine/gateway",
    "local/engine/redshift",
    "local/engine/time-to-live",
    "local/engine/waiting.ts",
    "local/engine/loopback.ts",
    "operate/clients.ts",
    "infra/is-object.ts",
    "terminal",
  ],
  "local/engine/lambda": [
    "type local/engine/function",
    "type local/engine/mapping",
    "local/engine/gateway",
    "local/engine/invocation.ts",
    "local/engine/aws.ts",
    "infra/is-object.ts",
  ],
  "local/engine/function": ["local/engine/gateway", "local/engine/invocation.ts", "terminal"],
  "local/engine/events.ts": ["type local/engine/mapping", "type local/engine/firehose"],
  "local/engine/mapping": [
    "type local/engine/iam",
    "local/engine/invocation.ts",
    "local/engine/waiting.ts",
    "type operate/clients.ts",
    "operate/stream",
    "infra/filters",
    "infra/is-object.ts",
    "terminal",
  ],
  "local/engine/iam": ["type local/engine/gateway", "local/engine/aws.ts", "infra/is-object.ts", "terminal"],
  "local/engine/firehose": ["local/engine/redshift", "local/engine/aws.ts", "terminal"],
  "local/engine/gateway": [
    "local/engine/cost",
    "local/engine/time-to-live",
    "local/engine/loopback.ts",
    "local/engine/seeded-random.ts",
    "local/engine/aws.ts",
    "infra/is-object.ts",
  ],
  "local/engine/program": ["infra/is-object.ts", "terminal"],
  "local/engine/redshift": [],
  "local/engine/cost": ["infra/is-object.ts"],
  "local/engine/time-to-live": [],
  "local/engine/invocation.ts": [],
  "local/engine/waiting.ts": [],
  "local/engine/loopback.ts": [],
  "local/engine/seeded-random.ts": [],
  "local/engine/aws.ts": ["terminal"],
  "operate/redrive": ["handlers/core", "operate/stack", "operate/stream", "terminal"],
  "operate/verify": [
    "type operate/stack",
    "operate/kinds.ts",
    "type operate/kind.ts",
    "operate/compare",
    "type infra/kinds.ts",
  ],
  "operate/stack": ["operate/kinds.ts", "operate/clients.ts", "operate/stream", "type infra/kinds.ts", "terminal"],
  "operate/kinds.ts": ["operate/kinds", "type operate/kind.ts", "type infra/kinds.ts", "terminal"],
  "operate/kinds": ["type operate/kind.ts", "operate/compare", "handlers/kinds", "handlers/core", "terminal"],
  "operate/kind.ts": ["type operate/compare", "type handlers/core"],
  "operate/compare": ["operate/stream", "handlers/core"],
  "operate/clients.ts": ["operate/stream"],
  "operate/stream": ["infra/filters", "infra/is-object.ts"],
  "infra/fan-out.ts": [
    "type infra/stack",
    "infra/consumer",
    "infra/parts",
    "type infra/kind.ts",
    "infra/source.ts",
    "infra/turns.ts",
    "type infra/settings",
  ],
  "infra/configuration-table.ts": ["infra/stack", "infra/kinds.ts", "infra/settings"],
  "infra/stack": ["infra/kinds.ts", "type infra/kind.ts", "infra/consumer", "infra/settings", "infra/is-object.ts"],
  "infra/kinds.ts": ["infra/kinds", "type infra/kind.ts"],
  "infra/kinds": ["infra/parts", "type infra/kind.ts", "infra/source.ts", "type infra/turns.ts", "infra/settings"],
  "infra/consumer": [
    "infra/parts",
    "type infra/kind.ts",
    "type infra/source.ts",
    "type infra/settings",
    "infra/is-object.ts",
  ],
  "infra/parts": ["type infra/kind.ts", "type infra/settings"],
  "infra/kind.ts": ["type infra/source.ts", "type infra/turns.ts", "type infra/settings"],
  "infra/source.ts": ["type infra/settings"],
  "infra/turns.ts": [],
  "infra/settings": ["infra/filters", "infra/is-object.ts"],
  "infra/filters": ["infra/is-object.ts"],
  "infra/is-object.ts": [],
  "handlers/kinds": ["handlers/messages", "handlers/core"],
  "handlers/messages": ["handlers/core"],
  "handlers/core": [],
  terminal: [],
};

const files = sourceFiles();
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const names = Object.keys(rooms);

describe("the rooms of the house", () => {
  it("are all in the table", () => {
    expect(files.length).to.be.greaterThan(200);
    expect(files.filter((file) => roomOf(file) === undefined)).to.deep.equal([]);
    expect(names.filter((room) => !files.some((file) => roomOf(file) === room))).to.deep.equal([]);
  });

  it("import only what stands below them", () => {
    const upward = Object.entries(rooms).flatMap(([room, below]) =>
      below.filter((one) => names.indexOf(plain(one)) <= names.indexOf(room)).map((one) => `${room} -> ${one}`),
    );
    expect(upward).to.deep.equal([]);
  });

  for (const room of names)
    it(`${room} imports just what the table says`, () => {
      expect(arrowsOf(room)).to.deep.equal(rooms[room]!.toSorted());
    });
});

describe("the files of the house", () => {
  it("import each other in no circle, types included", () => {
    const circles = files.map((file) => circleOf(file, imports)).filter((found) => found !== undefined);
    expect(circles.map((circle) => circle.join(" > "))).to.deep.equal([]);
  });
});

function roomOf(path: string): string | undefined {
  return names.filter((room) => path === room || path.startsWith(`${room}/`)).sort((a, b) => b.length - a.length)[0];
}

/** The rooms that a room imports; those of which it needs types alone are marked. */
function arrowsOf(room: string): string[] {
  const used = new Map<string, boolean>();
  for (const { to, typeOnly } of files.filter((file) => roomOf(file) === room).flatMap((file) => imports.get(file)!)) {
    const other = roomOf(to);
    if (other !== undefined && other !== room) used.set(other, (used.get(other) ?? true) && typeOnly);
  }
  return [...used].map(([other, typeOnly]) => (typeOnly ? `type ${other}` : other)).sort();
}

function plain(arrow: string): string {
  return arrow.replace(/^type /, "");
}
