import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../terminal/user-error.ts";
import type { LocalCall, LocalResource, Registration } from "./resource.ts";
import { acceptProvider } from "./resources/provider.ts";
import { calls, resources } from "./resources.ts";
import type { World } from "./world/world.ts";

/** Makes sure that a type of resource, or a provider's function, exists on this machine. */
export function mustExist(kind: "resource" | "call", token: string): void {
  if (kind === "call") {
    if (!Object.hasOwn(calls, token)) throw new UserError(unknownCall(token));
  } else if (!Object.hasOwn(resources, token) && !token.startsWith("pulumi:providers:")) {
    throw new UserError(unknownType(token));
  }
}

/** Creates one resource that the program registers, of a type that exists here, or finds the existing one that it asks for. */
export async function register(
  args: pulumi.runtime.MockResourceArgs,
  world: World,
): Promise<pulumi.runtime.MockResourceResult> {
  const { type, name, custom, id } = args;
  const inputs = unwrapped(args.inputs);
  if (custom === false) return { id: undefined, state: args.inputs }; // a component: a name for what is inside
  if (type.startsWith("pulumi:providers:")) return provider(type, name, inputs, world);
  const resource = (resources as Record<string, LocalResource>)[type]!;
  const region = inputs.region ?? world.providerRegions.get(providerId(args.provider)) ?? world.region;
  const registration: Registration = { type, name, region: String(region), inputs };
  const reading = id !== undefined && id !== "";
  if (reading && resource.read === undefined) {
    throw new UserError(`there is no \`${id}\` to find: on this machine, only what the program creates exists.`);
  }
  const made = reading
    ? await resource.read!(id, registration, world)
    : await world.creations.track(() => resource.create(registration, world));
  return { id: made.id, state: { ...args.inputs, region, ...made.outputs } };
}

/** Answers a call of a provider's function that exists here. */
export async function lookUp(
  { token, inputs }: pulumi.runtime.MockCallArgs,
  world: World,
): Promise<pulumi.runtime.MockCallResult> {
  return (calls as Record<string, LocalCall>)[token]!(unwrapped(inputs), world);
}

function provider(type: string, name: string, inputs: Record<string, unknown>, world: World) {
  acceptProvider(type, inputs);
  const id = `${type}::${name}`;
  if (typeof inputs.region === "string") world.providerRegions.set(id, inputs.region);
  return { id, state: inputs };
}

/** A provider is referred to as `<urn>::<id>`. */
function providerId(reference: string | undefined): string {
  return reference?.split("::").slice(-2).join("::") ?? "";
}

function unwrapped(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]));
}

function unknownCall(token: string): string {
  return `this function has no equivalent on this machine yet. Write it under local/engine/resources/ and add a line for \`${token}\` to the calls in local/engine/resources.ts.`;
}

function unknownType(type: string): string {
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  return `this type of resource has no equivalent on this machine yet. Write it in local/engine/resources/${service}.ts and add a line for \`${type}\` to the table in local/engine/resources.ts.`;
}
