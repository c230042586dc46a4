/** An error that its message explains completely: it is shown without a stack trace. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** A command line that is wrong whatever it is about. */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}
