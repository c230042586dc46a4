import type { IncomingHttpHeaders } from "node:http";

/** The request's operation: named by the JSON protocols' target header, the query protocol's action, or the method and path of S3 and Lambda. */
export function operationOf(
  service: string,
  method: string,
  url: URL,
  target: string | undefined,
  body: Buffer,
  headers: IncomingHttpHeaders = {},
): string {
  if (target !== undefined) return target.slice(target.indexOf(".") + 1);
  if (service === "s3") return s3Operation(method, url, headers);
  if (service === "lambda") return lambdaRouteOf(method, url.pathname)?.operation ?? `${method} ${url.pathname}`;
  return new URLSearchParams(body.toString("utf8")).get("Action") ?? `${method} ${url.pathname}`;
}

/** Whether the service speaks JSON with this caller: all do that have a target header, and Lambda, which needs none. */
export function speaksJson(service: string, target: string | undefined): boolean {
  return target !== undefined || service === "lambda";
}

const onObjects: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
  "POST uploads": "CreateMultipartUpload",
  "POST uploadId": "CompleteMultipartUpload",
  "PUT uploadId": "UploadPart",
  "GET uploadId": "ListParts",
  "DELETE uploadId": "AbortMultipartUpload",
};

const onBuckets: Readonly<Record<string, string>> = {
  GET: "ListObjects",
  HEAD: "HeadBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  "GET location": "GetBucketLocation",
  "GET uploads": "ListMultipartUploads",
  "POST delete": "DeleteObjects",
};

/** The parts of a bucket or an object that a query may name instead of the bucket or object itself. */
const subresources = [
  "accelerate",
  "acl",
  "analytics",
  "attributes",
  "cors",
  "delete",
  "encryption",
  "inventory",
  "legal-hold",
  "lifecycle",
  "location",
  "logging",
  "metrics",
  "notification",
  "object-lock",
  "ownershipControls",
  "policy",
  "policyStatus",
  "publicAccessBlock",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "select",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versioning",
  "versions",
  "website",
];

/** An operation of S3's, which has no name on the wire: method, path and query stand for it. Those that have no name here are called by these. */
function s3Operation(method: string, url: URL, headers: IncomingHttpHeaders): string {
  const [, bucket, ...key] = url.pathname.split("/");
  if (!bucket) return "ListBuckets";
  const object = key.join("/") !== "";
  const subresource = subresources.find((each) => url.searchParams.has(each));
  const called = subresource === undefined ? method : `${method} ${subresource}`;
  const operation = (object ? onObjects : onBuckets)[called];
  if (operation === "PutObject" && headers["x-amz-copy-source"] !== undefined) return "CopyObject";
  return operation ?? `${method} ${object ? "object" : "bucket"}${subresource === undefined ? "" : ` ${subresource}`}`;
}

/** An operation of Lambda's API, as a request's method and path name it. */
export interface LambdaRoute {
  readonly operation: keyof typeof lambdaRoutes;
  /** What the path names: a function by its name or ARN, or a mapping by its UUID. */
  readonly name: string;
}

/** Lambda speaks REST: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html. */
const lambdaRoutes = {
  Invoke: { method: "POST", path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/ },
  GetEventSourceMapping: { method: "GET", path: /^\/2015-03-31\/event-source-mappings\/([^/]+)$/ },
  UpdateEventSourceMapping: { method: "PUT", path: /^\/2015-03-31\/event-source-mappings\/([^/]+)$/ },
  ListEventSourceMappings: { method: "GET", path: /^\/2015-03-31\/event-source-mappings\/?()$/ },
} satisfies Record<string, { method: string; path: RegExp }>;

/** The operation of Lambda that a request is for; undefined for one that nothing stands in for here. */
export function lambdaRouteOf(method: string, path: string): LambdaRoute | undefined {
  for (const [operation, route] of Object.entries(lambdaRoutes)) {
    const name = route.method === method ? route.path.exec(path)?.[1] : undefined;
    if (name !== undefined) return { operation: operation as LambdaRoute["operation"], name: decodeURIComponent(name) };
  }
  return undefined;
}
