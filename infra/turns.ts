import type * as pulumi from "@pulumi/pulumi";

/** Orders what works on one thing that several destinations of a stack may share, where a service refuses to have it done at once. */
export class Turns {
  readonly #last = new Map<string, pulumi.Resource>();

  /**
   * Makes a resource that waits until all those before it that work on the same thing have been made.
   * @param thing what they work on, in words that are the same wherever it is meant
   */
  take<Made extends pulumi.Resource>(thing: string, make: (before: readonly pulumi.Resource[]) => Made): Made {
    const last = this.#last.get(thing);
    const made = make(last === undefined ? [] : [last]);
    this.#last.set(thing, made);
    return made;
  }
}
