/** A filter pattern that Lambda would refuse; the message begins with Lambda's own words. */
export class InvalidPattern extends Error {
  override readonly name = "InvalidPattern";
  /** What is wrong, as a clause without a full stop. */
  readonly reason: string;

  constructor(reason: string) {
    super(`Invalid filter pattern definition. (${reason})`);
    this.reason = reason;
  }
}
