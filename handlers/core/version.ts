/** A change's version, padded with zeros to 40 digits, the longest that a stream has: as text it sorts like the number. */
export function sortable(version: string): string {
  return version.padStart(40, "0");
}
