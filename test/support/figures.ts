const figures: string[] = [];

/** Keeps what a test has measured until all tests are done, when the root hook prints it. */
export function tellFigures(text: string): void {
  figures.push(text);
}

/** Everything that was measured, once; undefined if nothing was. */
export function figuresTold(): string | undefined {
  return figures.length === 0 ? undefined : figures.splice(0).join("\n\n");
}
