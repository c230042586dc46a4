/** Whether a text matches a pattern of IAM's: `*` stands for any characters, also none, and `?` for one. */
export function matches(pattern: string, text: string): boolean {
  // Where the last star is, and how much of the text it stands for so far: a mismatch lets it stand for one more.
  let [at, star, taken] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === "*") {
      star = at;
      taken = index;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      taken += 1;
      index = taken;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
