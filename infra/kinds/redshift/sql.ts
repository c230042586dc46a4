/** An SQL identifier, quoted, so that a reserved word or an odd name means itself. Redshift folds it to lower case. */
export function identifier(name: string): string {
  refuseNul(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, each part quoted. */
export function qualified(schema: string, name: string): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** An SQL string literal. Redshift reads a backslash in one as an escape, so both it and the quote are doubled. */
export function literal(text: string): string {
  refuseNul(text);
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

function refuseNul(text: string): void {
  if (text.includes("\0")) throw new RangeError("SQL text cannot hold a NUL character");
}
