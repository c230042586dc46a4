import type * as pulumi from "@pulumi/pulumi";
import {
  type CodedDestination,
  type ConnectedDestination,
  connectedDestinations,
} from "../../handlers/core/destinations.ts";
import type { Graph } from "./graph.ts";

/** What a function is made to feed: as its code says it, and the variable with what that leaves open, if anything. */
export async function connectionsIn(made: Graph, functionName: string) {
  const { code, environment } = made.named(functionName).inputs as {
    code: pulumi.asset.AssetArchive;
    environment: { variables: { DESTINATIONS?: string } };
  };
  const files = (await code.assets) as Record<string, pulumi.asset.StringAsset>;
  const text = await files["destinations.json"]!.text;
  return { text, coded: JSON.parse(text) as Record<string, CodedDestination>, ...environment.variables };
}

/** What the handlers of a function's destinations are connected with, by name. */
export async function connections(
  made: Graph,
  functionName: string,
): Promise<Readonly<Record<string, ConnectedDestination>>> {
  const { coded, DESTINATIONS } = await connectionsIn(made, functionName);
  return connectedDestinations(coded, DESTINATIONS);
}
