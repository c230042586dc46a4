import { wrapped } from "./text.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Numbers stand to the right. @default "left" */
  readonly align?: "left" | "right";
}

const gap = "  ";

/**
 * Rows as a table that a person can read: a header, a rule, and columns as wide as their widest cell. Where that is wider than
 * `width`, titles and texts are broken between words; where that does not help, each row is a block of a line for each column.
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const widths = fittingWidths(columns, cells, width);
  return widths === undefined ? blocks(columns, cells, width) : grid(columns, cells, widths);
}

type Aligned = Pick<Column<never>, "title" | "align">;

function grid(columns: readonly Aligned[], cells: readonly (readonly string[])[], widths: readonly number[]): string {
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (columns[i]!.align === "right" ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join(gap)
      .trimEnd();
  const row = (texts: readonly string[]) => {
    const parts = texts.map((text, i) => wrapped(text, widths[i]!));
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, at) => line(parts.map((part) => part[at] ?? "")));
  };
  const titles = row(columns.map(({ title }) => title));
  return [...titles, line(widths.map((width) => "-".repeat(width))), ...cells.flatMap(row)].join("\n");
}

/** How wide each column is; undefined if they do not fit even with a word to a line. */
function fittingWidths(
  columns: readonly Aligned[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] | undefined {
  const columnOf = (i: number) => cells.map((line) => line[i]!);
  const widths = columns.map(({ title }, i) => longest([title, ...columnOf(i)]));
  const least = columns.map(({ title, align }, i) =>
    longest([title.split(" "), columnOf(i).map((text) => (align === "right" ? [text] : text.split(" ")))].flat(2)),
  );
  let surplus = widths.reduce((sum, one) => sum + one + gap.length, -gap.length) - width;
  while (surplus > 0) {
    const [widest] = widths
      .map((one, i) => ({ i, one }))
      .filter(({ i, one }) => one > least[i]!)
      .sort((a, b) => b.one - a.one);
    if (widest === undefined) return undefined;
    widths[widest.i] = widest.one - 1;
    surplus -= 1;
  }
  return widths;
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}

/** What is empty in a row is left out. */
function blocks(columns: readonly Aligned[], cells: readonly (readonly string[])[], width: number): string {
  const titleWidth = longest(columns.map(({ title }) => title));
  const block = (texts: readonly string[]) =>
    columns.flatMap(({ title }, i) => {
      const text = texts[i]!;
      if (text === "") return [];
      return wrapped(text, width - titleWidth - gap.length).map(
        (part, at) => (at === 0 ? title : "").padEnd(titleWidth) + gap + part,
      );
    });
  return cells.map((texts) => block(texts).join("\n")).join("\n\n");
}
