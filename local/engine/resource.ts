import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../infra/is-object.ts";
import { UserError } from "../../terminal/user-error.ts";
import type { World } from "./world/world.ts";

/** A resource that the program registered, with its inputs resolved and secrets unwrapped. */
export interface Registration {
  /** The type token, such as `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** The AWS Region that it belongs to: its own `region`, its provider's, or the stack's. */
  readonly region: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the program gets back. */
export interface Created {
  /** The provider's id of the resource. */
  readonly id: string;
  /** The outputs, beyond the inputs, which are outputs as well. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How one type of resource exists on this machine. */
export interface LocalResource {
  /** Creates it. An error's message is shown behind the resource's type and name. */
  create(registration: Registration, world: World): Created | Promise<Created>;
  /** Finds an existing one by the provider's id, for the type's static `get`. Without it, `get` is refused. */
  read?(id: string, registration: Registration, world: World): Created | Promise<Created>;
}

/** Answers a call of a provider's function, such as `aws.getRegion`. */
export type LocalCall = (
  inputs: Readonly<Record<string, unknown>>,
  world: World,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** What a resource does with its arguments; one that is in neither list is refused. */
export interface Arguments<Args> {
  /** Those that have an effect on this machine. */
  readonly used: readonly (keyof Args & string)[];
  /** Those that are right to give and have no effect on this machine. */
  readonly ignored?: readonly (keyof Args & string)[];
  /** The keys of those whose values are objects, or lists of objects, whether they have an effect or not. */
  readonly nested?: { readonly [Key in keyof Args & string]?: Shape };
}

/** The keys that an object may have: `true` for one whose value is not looked into, a shape for an object or a list of objects. */
export interface Shape {
  readonly [key: string]: true | Shape;
}

/** The inputs, typed, after making sure that each one is used or known to mean nothing here. */
export function accept<Args>(registration: Registration, args: Arguments<Args>): pulumi.Unwrap<Args> {
  acceptOnly(registration.inputs, "", [...args.used, ...(args.ignored ?? []), "region"]);
  for (const [key, shape] of Object.entries<Shape | undefined>(args.nested ?? {})) {
    if (shape !== undefined) acceptShape(registration.inputs[key], key, shape);
  }
  return registration.inputs as pulumi.Unwrap<Args>;
}

/** Makes sure that an argument's value, an object, has no other keys than these. */
export function acceptOnly(value: object | undefined, path: string, keys: readonly string[]): void {
  const unknown = Object.entries(value ?? {})
    .filter(([key, content]) => content !== undefined && content !== null && !keys.includes(key))
    .map(([key]) => `\`${path === "" ? key : `${path}.${key}`}\``);
  if (unknown.length === 0) return;
  throw new UserError(
    `${unknown.join(", ")} ${unknown.length === 1 ? "has" : "have"} no equivalent on this machine yet. ` +
      "Leave it out of this stack, or say in the resource's file under local/engine/resources/ what it does here, or that it means nothing here.",
  );
}

/** Makes sure that an object, or each one of a list, has no other keys than those of the shape, however deep. */
export function acceptShape(value: unknown, path: string, shape: Shape): void {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) acceptShape(one, `${path}[${index}]`, shape);
  } else if (isObject(value)) {
    acceptOnly(value, path, Object.keys(shape));
    for (const [key, inner] of Object.entries(shape)) {
      if (inner !== true) acceptShape(value[key], `${path}.${key}`, inner);
    }
  }
}

/** What an argument refers to that may be a resource itself instead of its id: the id in either case. */
export async function idOf(value: unknown, argument: string): Promise<string> {
  const id: unknown = pulumi.CustomResource.isInstance(value)
    ? await new Promise((resolve) => value.id.apply(resolve))
    : value;
  if (typeof id === "string" && id !== "") return id;
  throw new UserError(`\`${argument}\` is missing.`);
}

/** A type that has no effect on this machine: its resources have an id and the outputs that others ask for. */
export function placeholder<Args>(
  ignored: readonly (keyof Args & string)[],
  make: (registration: Registration, args: pulumi.Unwrap<Args>, world: World) => Created,
  nested: NonNullable<Arguments<Args>["nested"]> = {},
): LocalResource {
  return {
    create: (registration, world) =>
      make(registration, accept<Args>(registration, { used: [], ignored, nested }), world),
  };
}
