/** The tables that list every kind. */
export const tables = ["infra/kinds.ts", "operate/kinds.ts", "local/kinds.ts"] as const;

/** The longest line that the formatter leaves as it is. */
const lineWidth = 120;

/** A table of kinds, as its file has it, with one kind more; undefined if the file is not in the form that is known. */
export function withKind(text: string, name: string): string | undefined {
  const path = (line: string) => /"(.+)"/.exec(line)![1]!;
  const imports = text.split("\n").filter((line) => /^import \{ \w+ \} from "\.\/kinds\/\w+\.ts";$/.test(line));
  const [table, names = "", type = ""] = /= \{([\w\s,]*)\} satisfies (.*)$/m.exec(text) ?? [];
  if (table === undefined || !text.includes(imports.join("\n"))) return undefined;
  const all = [...imports, `import { ${name} } from "./kinds/${name}.ts";`];
  const sorted = all.sort((a, b) => (path(a) < path(b) ? -1 : 1)).join("\n");
  const known = names.split(",").flatMap((one) => one.trim() || []);
  const line = `= { ${[...known, name].join(", ")} } satisfies ${type}`;
  const isOneLine = !names.includes("\n") && `export const kinds ${line}`.length <= lineWidth;
  const lines = `= {\n${[...known, name].map((one) => `  ${one},\n`).join("")}} satisfies ${type}`;
  return text.replace(imports.join("\n"), sorted).replace(table, isOneLine ? line : lines);
}

/** The files with which a kind begins, by path: they compile, and their tests say what to write. */
export function beginnings(name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(templates).map(([path, text]) => [path.replaceAll("NAME", name), text.replaceAll("NAME", name)]),
  );
}

const templates: Readonly<Record<string, string>> = {
  "infra/kinds/NAME.ts": `import { z } from "zod";
import type { Kind } from "../kind.ts";

const schema = z.strictObject({});

/** What a change becomes at a destination of this kind, in a sentence. */
export const NAME: Kind<typeof schema> = {
  schema,
  views: ["NEW_AND_OLD_IMAGES"],
  provision() {
    return { settings: {}, grants: [], dependsOn: [], outputs: {} };
  },
};
`,
  "handlers/kinds/NAME.ts": `import type { Deliver } from "../core/contract.ts";

/** What the handler of a \`NAME\` destination is connected with. */
export type Settings = Readonly<Record<string, never>>;

/** How changes are delivered, in a sentence, and why that keeps the two duties of \`Deliver\`. */
export function connect(_settings: Settings): Deliver {
  return async () => {
    throw new Error("Write handlers/kinds/NAME.ts: send the changes, and return those that failed.");
  };
}
`,
  "operate/kinds/NAME.ts": `import type { OperatedKind } from "../kind.ts";

/** What a destination holds, in a sentence. */
export const NAME: OperatedKind = {
  holds: "state",
  ordered: false,
  async verify() {
    return { arrived: "?", problems: ["nothing is compared: write operate/kinds/NAME.ts"] };
  },
};
`,
  "local/kinds/NAME.ts": `import type { LocalKind } from "../kind.ts";

/** What stands in for the destination, in a few words. */
export const NAME: LocalKind = {
  soak: { settings: {} },
};
`,
  "test/handlers/kinds/NAME.test.ts": `import { connect } from "../../../handlers/kinds/NAME.ts";
import { conformance, type StateSubject } from "../../support/conformance.ts";
import { change } from "../changes.ts";

describe("NAME", () => {
  const subject = (): StateSubject => ({
    holds: "state",
    deliver: connect({}),
    fault: () => {},
    async items() {
      throw new Error("Write test/handlers/kinds/NAME.test.ts: read what the destination shows.");
    },
  });
  const poison = { make: (id: string) => change({ id }), reason: /the reason with which it is refused/ };
  conformance("NAME", subject, poison);
});
`,
  "test/infra/kinds/NAME.test.ts": `import { expect } from "chai";
import { connections } from "../../support/connections.ts";
import { graph } from "../../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };

describe("kind NAME", () => {
  it("connects its handler, which may do just what it needs", async () => {
    const made = await graph({ config: { source, destinations: { mine: { kind: "NAME" } } } });
    const mine = { kind: "NAME", settings: {} };
    expect(await connections(made, "fanout-mine-function")).to.deep.equal({ mine });
    const { Statement } = JSON.parse(String(made.named("fanout-mine-policy").inputs.policy));
    expect(Statement.filter(({ Sid }: { Sid: string }) => Sid.startsWith("Deliver"))).to.deep.equal([]);
  });
});
`,
};
