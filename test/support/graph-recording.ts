import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** The inputs, without secret wrappers. Assets and archives are the live objects. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The paths of the inputs that are secret. */
  readonly secrets: readonly string[];
  /** The name of the parent; undefined for the stack itself. */
  readonly parent: string | undefined;
  /** The names of all resources that it waits for, whether said by `dependsOn` or by its inputs. */
  readonly waitsFor: readonly string[];
  /** The inputs whose changes are ignored once it is there. */
  readonly ignoreChanges: readonly string[];
}

/** The outputs of a component. */
export interface Registered {
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The paths of the outputs that are secret. */
  readonly secrets: readonly string[];
}

/** The part of a registration that Pulumi's mocks do not hand on. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getObject(): Parameters<typeof pulumi.runtime.deserializeProperties>[0];
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
}
interface OutputsRequest {
  getUrn(): string;
  getOutputs(): ReturnType<Request["getObject"]>;
}
type Reply = (error: unknown, response: { getUrn(): string } | undefined) => void;

/** Lets the mock monitor tell what it is asked, and which outputs are to be secret: its methods are not public, so an SDK that changes them fails here. */
export function recordInto(registered: Registered[], secretOutputs: Map<string, readonly string[]>): Recorded[] {
  const recorded: Recorded[] = [];
  const names = new Map<string, string>();
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, reply: Reply): Promise<void>;
    registerResourceOutputs(request: OutputsRequest, reply: unknown): void;
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, reply) => {
    const { value, secrets } = unwrapped(pulumi.runtime.deserializeProperties(request.getOutputs()));
    const name = names.get(request.getUrn()) ?? request.getUrn();
    registered.push({ name, outputs: value as Record<string, unknown>, secrets });
    registerOutputs(request, reply);
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, reply) => {
    secretOutputs.set(`${request.getType()} ${request.getName()}`, request.getAdditionalsecretoutputsList());
    return register(request, (error, response) => {
      if (response !== undefined) {
        names.set(response.getUrn(), request.getName());
        const { value, secrets } = unwrapped(pulumi.runtime.deserializeProperties(request.getObject()));
        recorded.push({
          type: request.getType(),
          name: request.getName(),
          inputs: value as Record<string, unknown>,
          secrets,
          parent: names.get(request.getParent()),
          waitsFor: request
            .getDependenciesList()
            .map((urn) => names.get(urn) ?? urn)
            .sort(),
          ignoreChanges: request.getIgnorechangesList(),
        });
      }
      reply(error, response);
    });
  };
  return recorded;
}

/** A value without its secret wrappers, and where they were. */
export function unwrapped(value: unknown, path = ""): { value: unknown; secrets: string[] } {
  if (pulumi.runtime.isRpcSecret(value))
    return { value: unwrapped(pulumi.runtime.unwrapRpcSecret(value)).value, secrets: [path] };
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => unwrapped(part, `${path}[${index}]`));
    return { value: parts.map((part) => part.value), secrets: parts.flatMap(({ secrets }) => secrets) };
  }
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return { value, secrets: [] };
  const parts = Object.entries(value).map(
    ([key, part]) => [key, unwrapped(part, path === "" ? key : `${path}.${key}`)] as const,
  );
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    secrets: parts.flatMap(([, { secrets }]) => secrets),
  };
}
