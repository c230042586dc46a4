import type { IncomingHttpHeaders } from "node:http";

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

/** What of a bucket or an object a query may be about, rather than the bucket or object itself. */
const parts = [
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

/** An operation of S3's, which only its method, path and query name. What has no name here is called by these. */
export function s3Operation(method: string, url: URL, headers: IncomingHttpHeaders): string {
  const [, bucket, ...key] = url.pathname.split("/");
  if (!bucket) return "ListBuckets";
  const object = key.join("/") !== "";
  const part = parts.find((each) => url.searchParams.has(each));
  const called = part === undefined ? method : `${method} ${part}`;
  const operation = (object ? onObjects : onBuckets)[called];
  if (operation === "PutObject" && headers["x-amz-copy-source"] !== undefined) return "CopyObject";
  return operation ?? `${method} ${object ? "object" : "bucket"}${part === undefined ? "" : ` ${part}`}`;
}
