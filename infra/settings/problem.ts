/** One thing wrong in the configuration: where it is, what is wrong, and what is allowed. */
export interface Problem {
  /** Dotted path from the configuration's root, such as `destinations.events.queueArn`. */
  readonly path: string;
  /** What is wrong and what would be right, as one sentence. */
  readonly message: string;
}
