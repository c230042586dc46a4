import { arn } from "../../aws.ts";
import type { ServiceCall } from "../../gateway/service-call.ts";
import type { Right } from "../role.ts";
import type { Requirements } from "./requirements.ts";

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda: Requirements = {
  GetEventSourceMapping: (call) => onMapping(call, "GetEventSourceMapping"),
  GetFunction: (call) => onFunction(call, "GetFunction"),
  GetFunctionConfiguration: (call) => onFunction(call, "GetFunctionConfiguration"),
  Invoke: (call) => onFunction(call, "InvokeFunction"),
  ListEventSourceMappings: () => [{ action: "lambda:ListEventSourceMappings", resource: "*" }],
  UpdateEventSourceMapping: (call) => onMapping(call, "UpdateEventSourceMapping"),
};

function onMapping(call: ServiceCall, action: string): readonly Right[] {
  const resource = arn("lambda", call.region, `event-source-mapping:${behind(call, "event-source-mappings")}`);
  return [{ action: `lambda:${action}`, resource }];
}

/** A function is named by its name, its ARN, or what is in between, and a version or alias may follow. */
function onFunction(call: ServiceCall, action: string): readonly Right[] {
  const named = behind(call, "functions");
  const whole = named.includes(":function:") ? named.slice(named.indexOf(":function:") + 10) : named;
  const [name, version] = whole.split(":");
  const qualifier = version ?? new URL(call.path, "http://host").searchParams.get("Qualifier");
  const resource = arn("lambda", call.region, `function:${name}${qualifier ? `:${qualifier}` : ""}`);
  return [{ action: `lambda:${action}`, resource }];
}

/** The part of the path behind another part. */
function behind({ path }: ServiceCall, part: string): string {
  const parts = new URL(path, "http://host").pathname.split("/").map(decodeURIComponent);
  const index = parts.indexOf(part);
  return index < 0 ? "" : (parts[index + 1] ?? "");
}
