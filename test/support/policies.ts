import type { Graph } from "./graph.ts";

/** A statement of a policy, with actions and resources as lists. */
export interface Statement {
  /** The resource that carries the policy. */
  readonly on: string;
  readonly sid: string | undefined;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Who it is about, where the policy says so. */
  readonly principal: "*" | { readonly Service?: string; readonly AWS?: string } | undefined;
  readonly condition: unknown;
}

/** The statements of every policy of a graph, trust and resource policies included. */
export function policyStatements(graph: Graph): readonly Statement[] {
  return graph.resources.flatMap(({ type, name, inputs }) =>
    [inputs.policy, inputs.assumeRolePolicy]
      .filter((text) => typeof text === "string")
      .flatMap((text) => {
        const { Statement } = JSON.parse(text) as { Statement: Record<string, unknown>[] };
        return Statement.map(({ Sid, Effect, Action, Resource, Principal, Condition }) => ({
          on: `${type} ${name}`,
          sid: Sid === undefined ? undefined : String(Sid),
          effect: String(Effect),
          actions: list(Action),
          resources: list(Resource),
          principal: Principal as Statement["principal"],
          condition: Condition,
        }));
      }),
  );
}

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
