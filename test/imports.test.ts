import { expect } from "chai";
import { circleOf, importsOf, sourceFiles } from "./support/imports.ts";

/**
 * The rooms, from top to bottom, and what each one may import: only what stands below it. A room is the longest of these
 * names that a file's path begins with. `type` before a name means that nothing of it is left when the program runs.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "index.ts": ["infra"],
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
  return names
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
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
