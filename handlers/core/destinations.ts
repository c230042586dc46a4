/** A destination as the function's code has it. */
export interface CodedDestination {
  readonly kind: string;
  /** What was known of its settings before anything was made. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the settings belong that became known later. @default nowhere */
  readonly late?: readonly (readonly string[])[];
}

/** A destination with all of its settings. */
export interface ConnectedDestination {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * What a function feeds, by name: what its code knows, filled up from the variable `DESTINATIONS`, which has the late
 * settings of each destination that has any, in the code's order: `{"<name>": ["<value>", ...]}`. Of destinations that the
 * code does not know the variable may say something: Lambda takes a new configuration before new code.
 */
export function connectedDestinations(
  coded: Readonly<Record<string, CodedDestination>>,
  variable: string | undefined,
): Readonly<Record<string, ConnectedDestination>> {
  const given = JSON.parse(variable ?? "{}") as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(coded).map(([name, { kind, settings, late = [] }]) => {
      const values = Object.hasOwn(given, name) ? given[name] : [];
      if (!Array.isArray(values) || values.length !== late.length) {
        // Into the log: so without the values, of which one may be secret.
        const found = Array.isArray(values) ? `a list of ${values.length}` : "no list";
        const needed = late.map((path) => path.join(".")).join(", ") || "nothing";
        throw new Error(
          `DESTINATIONS.${name}: this function's code needs a list with ${needed}, but the environment has ${found}. The two are of different deployments: deploy the stack again.`,
        );
      }
      return [name, { kind, settings: late.reduce((all, path, i) => withValue(all, path, values[i]), settings) }];
    }),
  );
}

function withValue(
  settings: Readonly<Record<string, unknown>>,
  [key, ...rest]: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (rest.length === 0) return { ...settings, [key!]: value };
  const inner = (settings[key!] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...settings, [key!]: withValue(inner, rest, value) };
}
