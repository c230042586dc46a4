import * as pulumi from "@pulumi/pulumi";
import type { Sink } from "./kind.ts";
import type { Destination } from "./settings/destination.ts";
import type { Source } from "./source.ts";

/** Groups the resources of one destination, so that their names need only be unique within their kind. */
class DestinationGroup extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("fanout:index:Destination", name, {}, opts);
  }

  /** Says that all of the destination's resources have been made. */
  close(outputs: Sink["outputs"]): void {
    this.registerOutputs(outputs);
  }
}

/** Makes a destination's resources as its kind says, grouped under one component. */
export function provision(
  name: string,
  { name: destination, definition, settings }: Destination,
  source: Source,
  opts: pulumi.ComponentResourceOptions,
): Sink {
  const group = new DestinationGroup(name, opts);
  const sink = definition.provision(settings, { name, destination, source, parent: group });
  group.close(sink.outputs);
  return sink;
}
