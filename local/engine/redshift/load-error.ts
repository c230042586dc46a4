/** One row that a COPY could not load, as Redshift lists it in `stl_load_errors` and `sys_load_error_detail`. */
export interface LoadError {
  readonly table: string;
  /** The object's key. */
  readonly file: string;
  /** The line on which the row begins, from 1; 0 if the object as a whole cannot be read. */
  readonly line: number;
  readonly column?: string;
  readonly type?: string;
  readonly reason: string;
  /** The first 1,024 characters of the row. */
  readonly raw: string;
}

/** Why a COPY failed, in the words of Firehose's error codes (`Redshift.<kind>`). */
export type CopyFailure =
  | "AuthenticationFailed"
  | "TableNotFound"
  | "ColumnNotFound"
  | "MissingColumn"
  | "InsufficientPrivilege"
  | "SyntaxError"
  | "DataLoadFailed";

/** A COPY that loaded nothing. */
export class CopyError extends Error {
  override readonly name = "CopyError";
  readonly kind: CopyFailure;
  /** The rows at fault, if any are. */
  readonly errors: readonly LoadError[];

  constructor(kind: CopyFailure, message: string, errors: readonly LoadError[] = []) {
    super(message);
    this.kind = kind;
    this.errors = errors;
  }
}

/** The failure of a load, with its first error. */
export function loadFailed(table: string, errors: readonly LoadError[]): CopyError {
  const [first] = errors;
  const where = first
    ? ` ${first.file}, line ${first.line}${first.column ? `, column ${first.column} (${first.type})` : ""}: ${first.reason}`
    : "";
  return new CopyError(
    "DataLoadFailed",
    `Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details.${where}`,
    errors,
  );
}
