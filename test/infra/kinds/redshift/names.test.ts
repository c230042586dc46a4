import { expect } from "chai";
import fc from "fast-check";
import { namesFor, physicalName } from "../../../../infra/kinds/redshift/names.ts";

const warehouse = (project: string, stack: string, destination: string) =>
  physicalName([project, stack, `fanout-${destination}`], "-", 63);
const loader = (project: string, stack: string, destination: string) =>
  physicalName([project, stack, `fanout-${destination}`, "loader"], "_", 63);

// What Pulumi takes as a name of a project or a stack, and the settings as one of a destination.
const pulumiName = fc.string({ unit: fc.constantFrom(..."aZ19-_."), minLength: 1, maxLength: 100 });
const destination = fc.string({ unit: fc.constantFrom(..."az09-"), maxLength: 29 }).map((rest) => `d${rest}`);
const owner = fc.tuple(pulumiName, pulumiName, destination);
const options = { seed: 20_240_807, numRuns: 3000 };

describe("the name of a warehouse", () => {
  it("is what was put together, where that can be read in one way only", () => {
    expect(warehouse("dynamodb-fanout", "dev", "warehouse")).to.equal("dynamodb-fanout-dev-fanout-warehouse");
    expect(warehouse("shop", "prod", "sales-events")).to.equal("shop-prod-fanout-sales-events");
    expect(warehouse("a", "b", "c")).to.equal("a-b-fanout-c");
  });

  it("is a label of a host's name and a name for the Data API, however project, stack and destination are called", () => {
    fc.assert(
      fc.property(owner, (parts) => {
        expect(warehouse(...parts))
          .to.match(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/)
          .and.have.lengthOf.at.most(63);
      }),
      options,
    );
  });

  it("is whole up to 63 letters, and cut beyond", () => {
    const [whole, cut] = ["p".repeat(50), "p".repeat(51)];
    expect(warehouse(whole, "dev", "d"))
      .to.equal(`${whole}-dev-fanout-d`)
      .and.have.lengthOf(63);
    expect(warehouse(cut, "dev", "d")).to.match(/^p{51}-de-[0-9a-f]{8}$/);
  });

  it("ends in no hyphen where the destination does, and is another than that of the destination without", () => {
    expect(warehouse("shop", "dev", "a-")).to.match(/^shop-dev-fanout-a-[0-9a-f]{8}$/);
    expect(warehouse("shop", "dev", "a")).to.equal("shop-dev-fanout-a");
  });

  it("begins with no hyphen where the project does", () => {
    expect(warehouse("-shop", "dev", "a")).to.match(/^shop-dev-fanout-a-[0-9a-f]{8}$/);
  });
});

for (const [what, nameOf] of [
  ["a warehouse", warehouse],
  ["a loader", loader],
] as const)
  describe(`the names of two of ${what}`, () => {
    it("differ where project, stack or destination do", () => {
      fc.assert(
        fc.property(owner, owner, (one, other) => {
          if (one.join("/") !== other.join("/")) expect(nameOf(...one)).to.not.equal(nameOf(...other));
        }),
        options,
      );
    });

    it("differ where only the places of hyphens do, however the words are divided", () => {
      const words = fc.array(fc.constantFrom("a", "b", "fanout", "0a1b2c3d"), { minLength: 4, maxLength: 9 });
      fc.assert(
        fc.property(words, (text) => {
          const names = readings(text).map((parts) => nameOf(...parts));
          expect(new Set(names)).to.have.lengthOf(names.length);
        }),
        options,
      );
      expect(readings(["a", "b", "c", "fanout", "d"])).to.have.lengthOf(2);
      expect(nameOf("a-b", "c", "d")).to.not.equal(nameOf("a", "b-c", "d"));
    });

    it("differ from a name that was given a hash", () => {
      const hashed = nameOf("Shop", "dev", "a");
      expect(nameOf("shop", "dev", `a-${hashed.slice(-8)}`)).to.not.equal(hashed);
    });
  });

/** All projects, stacks and destinations whose joined name is these words. */
function readings(words: readonly string[]): [string, string, string][] {
  return words.flatMap((word, anchor) =>
    word !== "fanout" || anchor === words.length - 1 || !/^[a-z]/.test(words[anchor + 1]!)
      ? []
      : words.slice(1, anchor).map((_, index): [string, string, string] => {
          const part = (from: number, to?: number) => words.slice(from, to).join("-");
          return [part(0, index + 1), part(index + 1, anchor), part(anchor + 1)];
        }),
  );
}

describe("the name of a loader", () => {
  it("needs no quotes and is short enough for any of the places that it goes to", () => {
    fc.assert(
      fc.property(owner, (parts) => {
        expect(loader(...parts))
          .to.match(/^_?[a-z0-9]+(?:_[a-z0-9]+)+$/)
          .and.have.lengthOf.at.most(63);
      }),
      options,
    );
  });

  it("stays what it was in stacks that have one", () => {
    expect(loader("dynamodb-fanout", "dev", "warehouse")).to.equal(
      "dynamodb_fanout_dev_fanout_warehouse_loader_9961e838",
    );
    expect(loader("shop", "us-prod", "sales-events")).to.equal("shop_us_prod_fanout_sales_events_loader_7e84b1af");
    expect(loader(".shop", "dev", "warehouse")).to.equal("_shop_dev_fanout_warehouse_loader_61ea788f");
    expect(loader("shop", "x".repeat(100), "warehouse")).to.equal(`shop_${"x".repeat(49)}_1e660371`);
  });
});

describe("what a destination has inside the warehouse", () => {
  it("has names that Redshift takes without quotes, however the table is called", () => {
    const table = fc.string({ unit: fc.constantFrom(..."az09_"), maxLength: 49 }).map((rest) => `t${rest}`);
    fc.assert(
      fc.property(table, table, (one, other) => {
        const { schema, ...names } = namesFor("fanout", one);
        for (const name of Object.values(names)) expect(name).to.match(/^[a-z_][a-z0-9_]{0,126}$/);
        const others: string[] = Object.values(namesFor("fanout", other)).filter((name) => name !== schema);
        if (one !== other) expect(Object.values(names)).to.not.have.any.members(others);
        expect(new Set(Object.values(names))).to.have.lengthOf(3);
      }),
      options,
    );
  });
});
