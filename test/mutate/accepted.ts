/** A mutant that no test can see, or need not see, and why. */
export interface Accepted {
  readonly file: string;
  /** The whole line, without the spaces around it. */
  readonly code: string;
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** Survivors that are known; they count as survivors all the same. */
export const accepted: readonly Accepted[] = [];
