import { isObject } from "../../../infra/is-object.ts";
import { UserError } from "../../../terminal/user-error.ts";
import { type Condition, knownTests } from "./condition.ts";

/** A statement, its lists as lists. Of each pair, exactly one is there. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions: readonly Condition[];
  /** Whom a trust policy speaks of: `<type>:<name>`, or `*`. */
  readonly principals?: readonly string[];
}

/** A policy that was read and understood, entirely. */
export interface Policy {
  readonly statements: readonly Statement[];
}

/** What a type of policy may have. */
export interface PolicyType {
  /** Whether it says what a role may do, or who may be the role. */
  readonly trust: boolean;
  /** The condition keys whose values are known when it is asked, and those that are known to be absent. */
  readonly keys: readonly string[];
}

const elements = ["Sid", "Effect", "Action", "NotAction", "Condition"];
const documentElements = ["Version", "Id", "Statement"];

/**
 * Reads a policy. What IAM would refuse, and what this machine does not understand, is an error and never a permission.
 * @param where what the error calls it, such as a role's name and its policy's
 * @throws UserError with a line for each problem
 */
export function readPolicy(document: unknown, where: string, type: PolicyType): Policy {
  const problems: string[] = [];
  const content = typeof document === "string" ? parsed(document, problems) : document;
  const statements = isObject(content) ? readDocument(content, type, problems) : [];
  if (!isObject(content) && problems.length === 0) problems.push("is no JSON object");
  if (problems.length > 0) throw new UserError(problems.map((problem) => `${where}: ${problem}`).join("\n"));
  return { statements };
}

function parsed(text: string, problems: string[]): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    problems.push(`is no JSON: ${(error as Error).message}`);
    return undefined;
  }
}

function readDocument(document: Record<string, unknown>, type: PolicyType, problems: string[]): Statement[] {
  unknownElements(document, documentElements, "", problems);
  const { Version: version = "2008-10-17", Statement: given } = document;
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    problems.push(`Version is ${JSON.stringify(version)}; use "2012-10-17"`);
  }
  const list = given === undefined ? [] : [given].flat();
  if (list.length === 0) problems.push("has no Statement");
  return list.flatMap((each, index) => {
    const sid = isObject(each) && typeof each.Sid === "string" ? ` (${each.Sid})` : "";
    const found: string[] = [];
    const statement = isObject(each) ? readStatement(each, type, found) : undefined;
    if (!isObject(each)) found.push("is no object");
    problems.push(...found.map((problem) => `statement ${index + 1}${sid}: ${problem}`));
    return statement === undefined ? [] : [statement];
  });
}

function readStatement(given: Record<string, unknown>, type: PolicyType, problems: string[]): Statement {
  const allowed = type.trust ? [...elements, "Principal"] : [...elements, "Resource", "NotResource"];
  unknownElements(given, allowed, "", problems);
  const { Sid: sid, Effect: effect } = given;
  if (effect !== "Allow" && effect !== "Deny") {
    problems.push(`Effect is ${JSON.stringify(effect)}; use "Allow" or "Deny"`);
  }
  const list = (element: string) => texts(given[element], element, problems);
  const [actions, notActions] = [list("Action"), list("NotAction")];
  const [resources, notResources] = [list("Resource"), list("NotResource")];
  oneOf(["Action", "NotAction"], given, problems);
  if (!type.trust) oneOf(["Resource", "NotResource"], given, problems);
  for (const action of [...(actions ?? []), ...(notActions ?? [])]) {
    if (action !== "*" && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      problems.push(`${action} is no action; use <service>:<operation> with \`*\` and \`?\` as wildcards, or "*"`);
    }
  }
  for (const resource of [...(resources ?? []), ...(notResources ?? [])]) {
    if (resource !== "*" && !/^arn:([^:]*:){4}./.test(resource)) {
      problems.push(`Resource ${resource} must be in ARN format or "*"`);
    } else noVariable(resource, problems);
  }
  const principals = type.trust ? readPrincipal(given.Principal, problems) : undefined;
  return {
    ...(typeof sid === "string" ? { sid } : {}),
    effect: effect as Statement["effect"],
    ...(actions && { actions }),
    ...(notActions && { notActions }),
    ...(resources && { resources }),
    ...(notResources && { notResources }),
    ...(principals && { principals }),
    conditions: readConditions(given.Condition, type, problems),
  };
}

function readConditions(given: unknown, { keys }: PolicyType, problems: string[]): Condition[] {
  if (given === undefined) return [];
  if (!isObject(given)) {
    problems.push("Condition is no object");
    return [];
  }
  return Object.entries(given).flatMap(([test, lines]) => {
    if (!knownTests.includes(test)) {
      problems.push(`the operator ${test} is not understood on this machine; understood are ${knownTests.join(", ")}`);
    }
    if (!isObject(lines)) problems.push(`Condition.${test} is no object`);
    return Object.entries(isObject(lines) ? lines : {}).map(([key, value]) => {
      if (!keys.some((known) => known.toLowerCase() === key.toLowerCase())) {
        problems.push(`the condition key ${key} is not understood on this machine; understood are ${keys.join(", ")}`);
      }
      const values = texts(value, `Condition.${test}.${key}`, problems) ?? [];
      for (const each of values) noVariable(each, problems);
      return { test, key, values };
    });
  });
}

function readPrincipal(given: unknown, problems: string[]): string[] {
  if (given === "*") return ["*"];
  if (!isObject(given)) {
    problems.push('Principal is missing; use "*", or an object such as { "Service": "lambda.amazonaws.com" }');
    return [];
  }
  unknownElements(given, ["AWS", "Service", "Federated", "CanonicalUser"], "Principal.", problems);
  return Object.entries(given).flatMap(([type, value]) =>
    (texts(value, `Principal.${type}`, problems) ?? []).map((name) => `${type}:${name}`),
  );
}

function unknownElements(
  given: Record<string, unknown>,
  allowed: readonly string[],
  path: string,
  problems: string[],
): void {
  for (const element of Object.keys(given).filter((key) => !allowed.includes(key))) {
    problems.push(`the element ${path}${element} is not understood here; understood are ${allowed.join(", ")}`);
  }
}

function oneOf(pair: readonly [string, string], given: Record<string, unknown>, problems: string[]): void {
  const count = pair.filter((element) => given[element] !== undefined).length;
  if (count !== 1) problems.push(`must have either ${pair.join(" or ")}`);
}

/** One text or several, as a list; IAM takes true, false and numbers for texts. */
function texts(given: unknown, element: string, problems: string[]): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const list = [given].flat();
  const wrong = list.find((each) => !["string", "boolean", "number"].includes(typeof each));
  if (wrong !== undefined || list.length === 0) problems.push(`${element} is neither a text nor a list of texts`);
  return list.map(String);
}

function noVariable(text: string, problems: string[]): void {
  if (/\$\{/.test(text)) {
    problems.push(`${text} has a policy variable, which is not understood on this machine; write its value`);
  }
}
