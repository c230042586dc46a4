/** An operation of Lambda's API, as a request's method and path name it. */
export interface Route {
  readonly operation: keyof typeof routes;
  /** What the path names: a function by its name or ARN, or a mapping by its UUID. */
  readonly name: string;
}

/** Lambda speaks REST: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html. */
const routes = {
  Invoke: { method: "POST", path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/ },
  GetEventSourceMapping: { method: "GET", path: /^\/2015-03-31\/event-source-mappings\/([^/]+)$/ },
  ListEventSourceMappings: { method: "GET", path: /^\/2015-03-31\/event-source-mappings\/?()$/ },
} satisfies Record<string, { method: string; path: RegExp }>;

/** The operation that a request means; undefined for one that nothing stands in for here. */
export function routeOf(method: string, path: string): Route | undefined {
  for (const [operation, route] of Object.entries(routes)) {
    const name = route.method === method ? route.path.exec(path)?.[1] : undefined;
    if (name !== undefined) return { operation: operation as Route["operation"], name: decodeURIComponent(name) };
  }
  return undefined;
}
