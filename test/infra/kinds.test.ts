import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Kind } from "../../infra/kind.ts";
import { kinds } from "../../infra/kinds.ts";
import { jsonSchema } from "../../infra/settings/json-schema.ts";
import { connectionsIn } from "../support/connections.ts";
import { graph } from "../support/graph.ts";

const source = { hashKey: { name: "id", type: "S" } };
const root = join(import.meta.dirname, "../..");

for (const [name, kind] of Object.entries(kinds))
  describe(`kind ${name}`, () => {
    it("has its files: what is provisioned, what runs in the function, what operates it, and what holds all of that to it", () => {
      const files = ["infra", "handlers", "operate", "local"].map((room) => `${room}/kinds/${name}.ts`);
      const tests = ["infra", "handlers"].map((room) => `test/${room}/kinds/${name}.test.ts`);
      for (const path of [...files, ...tests])
        expect(existsSync(join(root, path)), `${path} is missing`).to.equal(true);
    });

    it("knows all of its settings, and says what each means", () => {
      expect(kind.schema.safeParse({ "no such setting": 1 }).success).to.equal(false);
      const { properties = {} } = jsonSchema(kind.schema);
      expect(properties).to.not.have.any.keys("kind", "consumer", "filters", "mapping", "function");
      for (const [key, node] of Object.entries(properties)) expect(node.description, key).to.match(/^[A-Z].*\.$/s);
    });

    it("says how long what its handler learns late can be, for names of any length", async () => {
      for (const destination of ["a", "a".repeat(30)]) {
        const made = await graph({ config: { source, destinations: { [destination]: { kind: name } } } });
        const { DESTINATIONS } = await connectionsIn(made, `fanout-${destination}-function`);
        const values: unknown[] = JSON.parse(DESTINATIONS ?? "{}")[destination] ?? [];
        const longest = (kind as Kind).late?.(kind.schema.parse({}), `fanout-${destination}`) ?? [];
        expect(longest).to.have.length(values.length);
        for (const [i, length] of longest.entries()) expect(String(values[i]).length).to.be.at.most(length);
      }
    });

    it("can do without any setting, and with both images", () => {
      expect(kind.schema.safeParse({}).success).to.equal(true);
      expect(kind.views).to.include("NEW_AND_OLD_IMAGES");
    });
  });
