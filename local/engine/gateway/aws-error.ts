import type { OutgoingHttpHeaders } from "node:http";

/** An error as an AWS service answers with it. */
export interface AwsError {
  /** The HTTP status. */
  readonly status: number;
  /** The error's code, such as `AccessDeniedException`. */
  readonly code: string;
  readonly message: string;
}

/** An HTTP response, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const shapes: Readonly<Record<string, string>> = {
  dynamodb: "com.amazonaws.dynamodb.v20120810#",
  sqs: "com.amazonaws.sqs#",
};

/** The error in the service's own wire form, JSON or XML. */
export function renderError(error: AwsError, service: string, json: boolean): Answer {
  const { status, code, message } = error;
  if (!json) {
    const inner = `<Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
    const text = service === "s3" ? inner : `<ErrorResponse>${inner}</ErrorResponse>`;
    return { status, headers: { "content-type": "text/xml" }, body: Buffer.from(text) };
  }
  return {
    status,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-errortype": code,
      // SQS keeps the codes of its older protocol in this header, and the SDK prefers them.
      ...(service === "sqs" ? { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` } : {}),
    },
    body: Buffer.from(JSON.stringify({ __type: `${shapes[service] ?? ""}${code}`, message })),
  };
}

/** What an answer says is wrong, in one line; undefined if nothing is. */
export function errorText({ status, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  const text = body.toString().trim();
  const code = /"__type":\s*"(?:[^"]*#)?([^"]+)"|<Code>([^<]+)</.exec(text);
  const message = /"[mM]essage":\s*"((?:[^"\\]|\\.)*)"|<Message>([^<]+)</.exec(text);
  const words = message?.[1]?.replaceAll('\\"', '"') ?? message?.[2];
  const parts = [code?.[1] ?? code?.[2], words].filter((part) => part !== undefined);
  return parts.length === 0 ? `HTTP ${status}` : parts.join(": ");
}

const throttles: Readonly<Record<string, AwsError>> = {
  dynamodb: {
    status: 400,
    code: "ProvisionedThroughputExceededException",
    message: "The level of configured provisioned throughput for the table was exceeded.",
  },
  firehose: { status: 503, code: "ServiceUnavailableException", message: "Slow down." },
  sqs: { status: 403, code: "RequestThrottled", message: "Rate exceeded" },
  s3: { status: 503, code: "SlowDown", message: "Please reduce your request rate." },
  sns: { status: 429, code: "Throttled", message: "Rate exceeded" },
  lambda: { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded." },
};

const failures: Readonly<Record<string, AwsError>> = {
  dynamodb: { status: 500, code: "InternalServerError", message: "Internal server error" },
  firehose: { status: 500, code: "InternalFailure", message: "Internal service failure." },
  sqs: {
    status: 500,
    code: "InternalFailure",
    message: "The request processing has failed because of an unknown error.",
  },
  s3: { status: 500, code: "InternalError", message: "We encountered an internal error. Please try again." },
  sns: { status: 500, code: "InternalError", message: "Internal service error." },
  lambda: { status: 500, code: "ServiceException", message: "The service encountered an internal error." },
};

/** What the service answers when it is called too often. */
export function throttling(service: string): AwsError {
  return throttles[service] ?? { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
}

/** What the service answers when it has failed itself. */
export function unavailable(service: string): AwsError {
  return failures[service] ?? { status: 500, code: "InternalFailure", message: "Internal service failure." };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
