import * as pulumi from "@pulumi/pulumi";

/**
 * Keeps a resource's inputs and outputs encrypted in the state, and hidden wherever the CLI shows them: for all that is made
 * of settings that are stored as a secret. The engine takes outputs that are called like an input for secret too; the
 * others may contain one, as an ARN contains a name. Names of resources, their ids included, are always in clear.
 */
export const allSecret: pulumi.ResourceTransformation = ({ resource, props, opts }) => {
  // Not `isInstance`: a component says that it is one only later.
  if (resource instanceof pulumi.ComponentResource) {
    sealOutputs(resource as unknown as Component);
    return undefined;
  }
  const known = (opts as pulumi.CustomResourceOptions).additionalSecretOutputs ?? [];
  return { props: secrets(props), opts: { ...opts, additionalSecretOutputs: [...known, ...Object.keys(props)] } };
};

/** The part of a component by which it keeps its outputs, which is not public. */
interface Component {
  registerOutputs(outputs?: pulumi.Inputs): void;
}

function sealOutputs(component: Component): void {
  const register = component.registerOutputs.bind(component);
  component.registerOutputs = (outputs) => register(secrets(outputs ?? {}));
}

/** Values, each as a secret; what is not given stays so. */
export function secrets(values: pulumi.Inputs): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === undefined ? undefined : pulumi.secret(value)]),
  );
}
