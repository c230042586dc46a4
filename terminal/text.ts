/** A number and what is counted, such as `1 record` and `2 records`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** What is assumed of a terminal that does not say how wide it is. */
const usualColumns = 80;

/** The widest that running text is set: longer lines are hard to read. */
const widestText = 120;

/** How many columns there are to write on: a terminal's, or what COLUMNS says of a pipe or file, or else as many as it takes. */
export function columnsOf(
  { isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">,
  environment: NodeJS.ProcessEnv = process.env,
): number {
  if (isTTY) return columns || usualColumns;
  return /^[1-9]\d{0,3}$/.test(environment.COLUMNS ?? "") ? Number(environment.COLUMNS) : Number.POSITIVE_INFINITY;
}

/**
 * Running text in lines that fit, broken between words; a word that is too long stays whole, so that it can be copied. What
 * follows the first line begins where that began, and with `hanging` more spaces.
 */
export function prose(text: string, width: number, hanging = 0): string {
  const indent = /^ */.exec(text)![0];
  const [first = "", ...rest] = lines(text.trimStart(), Math.min(width, widestText) - indent.length, hanging);
  return [indent + first, ...rest.map((line) => `${indent}${" ".repeat(hanging)}${line}`)].join("\n");
}

function lines(text: string, width: number, hanging: number): string[] {
  const found: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = found.length === 0 ? width : width - hanging;
    if (line !== "" && line.length + 1 + word.length > room) {
      found.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...found, line];
}

/** A text in lines of at most so many characters, broken between words, and within one that is longer. */
export function wrapped(text: string, width: number): string[] {
  return lines(text, width, 0).flatMap((line) => line.match(new RegExp(`.{1,${Math.max(1, width)}}`, "gsu")) ?? [""]);
}
