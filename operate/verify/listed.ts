const most = 5;

/** Problems as a person reads them: at the most five lines, and how many more there are. */
export function listed(lines: readonly string[], what: string): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `and ${lines.length - most} more ${what}`];
}
