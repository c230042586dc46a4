/** An error that its message explains completely: it is shown without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
