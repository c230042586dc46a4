/** A value that should be a list; none of anything where it is not. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
