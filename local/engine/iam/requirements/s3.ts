import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import type { Requirements } from "./requirements.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export const s3: Requirements = {
  AbortMultipartUpload: onObject("AbortMultipartUpload"),
  CompleteMultipartUpload: onObject("PutObject"),
  // What is copied must be read as well.
  CopyObject: (call) => [
    ...putting(call),
    { action: "s3:GetObject", resource: `arn:aws:s3:::${header(call, "x-amz-copy-source").replace(/^\//, "")}` },
  ],
  CreateBucket: onBucket("CreateBucket"),
  CreateMultipartUpload: putting,
  DeleteBucket: onBucket("DeleteBucket"),
  DeleteObject: versioned("DeleteObject"),
  DeleteObjects: (call) => {
    const { bucket } = place(call);
    const keys = [...call.body.toString("utf8").matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => unescaped(key));
    return keys.map((key) => ({ action: "s3:DeleteObject", resource: `arn:aws:s3:::${bucket}/${key}` }));
  },
  GetBucketLocation: onBucket("GetBucketLocation"),
  GetObject: versioned("GetObject"),
  HeadBucket: onBucket("ListBucket"),
  HeadObject: versioned("GetObject"),
  ListBuckets: () => [{ action: "s3:ListAllMyBuckets", resource: "*" }],
  ListMultipartUploads: onBucket("ListBucketMultipartUploads"),
  ListObjects: onBucket("ListBucket"),
  ListParts: onObject("ListMultipartUploadParts"),
  PutObject: putting,
  UploadPart: onObject("PutObject"),
};

function onBucket(action: string) {
  return (call: ServiceCall): readonly Right[] => [
    { action: `s3:${action}`, resource: `arn:aws:s3:::${place(call).bucket}` },
  ];
}

function onObject(action: string) {
  return (call: ServiceCall): readonly Right[] => [{ action: `s3:${action}`, resource: objectArn(call) }];
}

/** A version of an object is another matter than the object. */
function versioned(action: string) {
  return (call: ServiceCall): readonly Right[] => {
    const version = place(call).query.has("versionId") ? "Version" : "";
    return [{ action: `s3:${action}${version}`, resource: objectArn(call) }];
  };
}

/** Tags and access lists are rights of their own, also while an object is put. */
function putting(call: ServiceCall): readonly Right[] {
  const resource = objectArn(call);
  return [
    { action: "s3:PutObject", resource },
    ...(header(call, "x-amz-tagging") === "" ? [] : [{ action: "s3:PutObjectTagging", resource }]),
    ...(header(call, "x-amz-acl") === "" ? [] : [{ action: "s3:PutObjectAcl", resource }]),
  ];
}

function objectArn(call: ServiceCall): string {
  const { bucket, key } = place(call);
  return `arn:aws:s3:::${bucket}/${key}`;
}

/** Buckets are in the path: every client here has an address without a name, before which no bucket could be. */
function place({ path }: ServiceCall): { bucket: string; key: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(path, "http://host");
  const [, bucket = "", ...key] = pathname.split("/");
  return { bucket, key: decodeURIComponent(key.join("/")), query: searchParams };
}

function header({ headers }: ServiceCall, name: string): string {
  return String(headers?.[name] ?? "");
}

function unescaped(xml: string): string {
  return xml
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
