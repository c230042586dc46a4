import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Source } from "./source.ts";

/** What a stream record carries besides the key. */
export type StreamViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** One thing wrong in the configuration: where it is, what is wrong, and what is allowed. */
export interface Problem {
  /** Dotted path from the configuration's root, such as `destinations.events.queueArn`. */
  readonly path: string;
  /** What is wrong and what would be right, as one sentence. */
  readonly message: string;
}

/** What a function must be allowed to do for a destination: exact actions on exact resources. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
}

/** What a kind's `provision` may use. */
export interface Surroundings {
  /** The destination's logical name, with which the names of all of its resources begin. */
  readonly name: string;
  /** The destination's name in the configuration, for names that people type. */
  readonly destination: string;
  /** The table whose changes the destination receives. */
  readonly source: Source;
  /** The component that owns the destination's resources. */
  readonly parent: pulumi.Resource;
}

/** What a destination adds to the consumer that feeds it. */
export interface Sink {
  /** The settings that the kind's handler is connected with; plain JSON once resolved. */
  readonly settings: pulumi.Input<Record<string, unknown>>;
  /** What the function needs to be allowed to do. */
  readonly grants: readonly Grant[];
  /** What must exist before the first change is delivered. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** What people and tools need to find the destination: ARNs, URLs, names. */
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;
}

/** What a kind may know about the stack when its settings are checked. */
export interface Stack {
  /** The Region that the stack deploys to (`aws:region`, or the environment's). */
  readonly region: string;
  /** The source's name, where the configuration gives it. */
  readonly tableName?: string;
}

/** One kind of destination. Its handler is the module of the same name in `handlers/`. */
export interface Kind<Schema extends z.ZodType = z.ZodType> {
  /** What `destinations.<name>` may say for this kind, beyond what every destination may say. */
  readonly schema: Schema;
  /** The stream view types that it can work with. */
  readonly views: readonly StreamViewType[];
  /** What the schema alone cannot see: what is wrong with these settings in this stack. Paths are relative to the destination. */
  problems?(settings: z.output<Schema>, stack: Stack): readonly Problem[];
  /** Creates the destination's resources and says what its consumer needs. */
  provision(settings: z.output<Schema>, surroundings: Surroundings): Sink;
}
