/** The candidate that someone who wrote `word` most likely meant: one that it abbreviates, or one that a few slips away; undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates
    .map((candidate) => ({ candidate, slips: slips(word.toLowerCase(), lastName(candidate).toLowerCase()) }))
    .filter(({ slips }) => slips <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.slips - b.slips);
  return scored[0]?.candidate;
}

/** Edit distance, except that an abbreviation such as `memory` for `memorySize` counts as one slip. */
function slips(word: string, name: string): number {
  if (word.length >= 4 && word !== name && name.startsWith(word)) return 1;
  let row = Array.from({ length: name.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...word].entries()) {
    const next = [line + 1];
    for (let column = 1; column <= name.length; column++) {
      const replaced = row[column - 1]! + (letter === name[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[name.length]!;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
