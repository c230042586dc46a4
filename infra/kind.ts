import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Problem } from "./settings/check.ts";
import type { Key } from "./settings/existing-table.ts";
import type { StreamViewType } from "./settings/source.ts";
import type { Source } from "./source.ts";
import type { Turns } from "./turns.ts";

/** What a function must be allowed to do for a destination: exact actions on exact resources. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
}

/** Who is told when an alarm goes off, and when it is over. */
export interface Notified {
  /** A topic. Without it alarms show in CloudWatch only. */
  readonly topicArn?: pulumi.Input<string>;
}

/** What a kind's `provision` may use. */
export interface ProvisionContext {
  /** The destination's logical name, with which the names of all of its resources begin. */
  readonly name: string;
  /** The destination's name in the configuration, for names that people type. */
  readonly destination: string;
  /** The table whose changes the destination receives. */
  readonly source: Source;
  /** Orders what several destinations of the stack do to one thing. */
  readonly turns: Turns;
  /** Whom the alarms of the destination's own resources notify; undefined where the stack wants no alarms. */
  readonly alarms?: Notified;
  /** The component that owns the destination's resources. */
  readonly parent: pulumi.Resource;
}

/** What a destination adds to the consumer that feeds it. */
export interface Sink {
  /** The settings that the kind's handler is connected with: JSON, and outputs where what is made says more, or where a value may be secret. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the function needs to be allowed to do. */
  readonly grants: readonly Grant[];
  /** What must exist before the first change is delivered. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** What people and tools need to find the destination: ARNs, URLs, names. */
  readonly outputs: Readonly<Record<string, pulumi.Output<string>>>;
  /** Names of the alarms that watch its own resources, by what they watch for. @default there are none */
  readonly alarms?: Readonly<Record<string, pulumi.Output<string>>>;
}

/** What a kind may know of the stack when its settings are checked. */
export interface StackInfo {
  /** The Region that the stack deploys to (`aws:region`, or the environment's); undefined where it is missing, which is a problem of its own. */
  readonly region?: string;
  /** The source's name, where the configuration gives it. */
  readonly tableName?: string;
}

/** What a kind may know of the source before anything is created. */
export interface SourceInfo {
  /** The Region that the stack deploys to. */
  readonly region: string;
  /** The source's name, where the configuration gives it. */
  readonly tableName?: string;
  readonly hashKey: Key;
  readonly rangeKey?: Key | undefined;
  /** Where else the table is, if it is a global one. */
  readonly replicaRegions: readonly string[];
}

/** What `inspect` has found: a problem, or a warning that does not keep the stack from being created. */
export interface Finding extends Problem {
  readonly severity: "problem" | "warning";
}

/** What becomes of a destination that does not get some deletes. */
interface WithoutDeletes {
  /** What is wrong then, as half a sentence, such as "deleted items would stay for ever". */
  readonly effect: string;
  /** Whether a stack is refused for it, or only told. */
  readonly severity: Finding["severity"];
}

/** One kind of destination. Its handler is the module of the same name in `handlers/kinds/`. */
export interface Kind<Schema extends z.ZodType = z.ZodType> {
  /** What `destinations.<name>` may say for this kind, beyond what every destination may say. */
  readonly schema: Schema;
  /** The stream view types that it can work with. */
  readonly views: readonly StreamViewType[];
  /** What a delete that filters leave out makes wrong for good. @default nothing */
  readonly withoutDeletes?: WithoutDeletes;
  /**
   * Attributes of items that the kind keeps for itself, by name, each with what it holds, as half a sentence. A source that
   * has one as a key or for its time to live is refused, as every item would be. @default none
   */
  readonly reservedAttributes?: Readonly<Record<string, string>>;
  /**
   * What the schema alone cannot see: what is wrong with these settings in this stack. Paths are relative to the destination.
   * Some settings may be malformed; what reads one of them ends there, in each of the questions below too. Give several
   * checks to `runChecks`, so that each ends by itself.
   */
  problems?(settings: z.output<Schema>, stack: StackInfo): readonly Problem[];
  /** Why no other destination may share its consumer, and what to do about it, as half a sentence; undefined where they may. */
  needsOwnConsumer?(settings: z.output<Schema>): string | undefined;
  /**
   * What exists already, in words, and no other destination of the stack may deliver to as well: the same words for the same
   * thing, whatever the settings call it. Undefined where the destination makes its target, or where sharing does no harm.
   */
  exclusiveTarget?(settings: z.output<Schema>, destination: string, stack: StackInfo): string | undefined;
  /** Looks at what exists already, before anything is created. Paths are relative to the destination. */
  inspect?(settings: z.output<Schema>, source: SourceInfo): Promise<readonly Finding[]>;
  /**
   * The most characters of each setting of the handler that is an output, at its longest: they share the environment of the
   * consumer's function, which Lambda limits.
   * @param name the destination's logical name, as in `ProvisionContext`
   * @default there are none
   */
  late?(settings: z.output<Schema>, name: string): readonly number[];
  /** Creates the destination's resources and says what its consumer needs. */
  provision(settings: z.output<Schema>, context: ProvisionContext): Sink;
}
