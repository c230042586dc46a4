import { passwordProblem } from "./password.ts";
import { keyword, meaningful, nameOf, type Token, textOf } from "./tokens.ts";

/** A CREATE USER or ALTER USER as PostgreSQL understands it. Fails if Redshift would refuse the password. */
export function userStatement(statement: readonly Token[]): string {
  const [verb, noun, name, ...rest] = meaningful(statement);
  if (verb === undefined || noun === undefined || name === undefined) return "";
  const options: string[] = [];
  for (let at = 0; at < rest.length; ) {
    const [replacement, taken] = option(rest.slice(at));
    if (replacement) options.push(replacement);
    at += taken;
  }
  if (keyword(verb) === "create" && !rest.some((token) => keyword(token) === "password")) {
    throw new Error(`CREATE USER ${nameOf(name)} needs PASSWORD '...' or PASSWORD DISABLE`);
  }
  return [verb.source, noun.source, name.source, ...options].join(" ");
}

/** What an option becomes, and how many tokens it was. */
function option(tokens: readonly Token[]): [string, number] {
  const [first, second, third] = tokens;
  switch (keyword(first)) {
    case "with":
      return ["", 1];
    case "password": {
      if (second?.kind !== "text") return [keyword(second) === "disable" ? "PASSWORD NULL" : "PASSWORD", 2];
      const problem = passwordProblem(textOf(second));
      if (problem) throw new Error(problem);
      return [`PASSWORD ${second.source}`, 2];
    }
    case "externalid":
      return ["", 2];
    case "createuser":
      return ["SUPERUSER", 1];
    case "nocreateuser":
      return ["NOSUPERUSER", 1];
    case "syslog":
    case "session":
      return ["", 3];
    case "connection":
      return keyword(third) === "unlimited" ? ["CONNECTION LIMIT -1", 3] : [first!.source, 1];
    default:
      return [first!.source, 1];
  }
}
