import { expect } from "chai";
import { functionVariables } from "../../../../local/engine/resources/lambda-variables.ts";
import { UserError } from "../../../../terminal/user-error.ts";

describe("the variables of a function", () => {
  const accept = (variables?: Record<string, string>) => {
    const problems: string[] = [];
    const accepted = functionVariables(variables, "films", { onProblem: (text) => problems.push(text) });
    return { accepted, problems };
  };

  it("are the program's own", () => {
    const own = { QUEUE_URL: "q", AWS_ENDPOINT_URL: "e", PATH: "/opt/bin", LANG: "C", NODE_OPTIONS: "", A1: "" };
    expect(accept(own)).to.deep.equal({ accepted: own, problems: [] });
    expect(accept()).to.deep.equal({ accepted: {}, problems: [] });
  });

  it("are refused in Lambda's words where Lambda sets them itself", () => {
    expect(() => accept({ MINE: "", AWS_REGION: "eu-west-1", _HANDLER: "h", LAMBDA_TASK_ROOT: "/" })).to.throw(
      UserError,
      /^InvalidParameterValueException: Lambda was unable to configure .* Reserved keys used in this request: AWS_REGION, _HANDLER, LAMBDA_TASK_ROOT$/,
    );
  });

  it("are refused where Lambda allows no such name", () => {
    expect(() => accept({ "my-url": "", _X: "", A: "", "1A": "", FINE: "" })).to.throw(
      UserError,
      /^`environment\.variables` has "my-url", "_X", "A", "1A": a name begins with a letter, and goes on with at least one letter, digit or underscore\.$/,
    );
  });

  it("may have a time zone, which has no effect on this machine, and is told", () => {
    for (const TZ of ["UTC", ":UTC", "Etc/UTC"])
      expect(accept({ TZ })).to.deep.equal({ accepted: { TZ }, problems: [] });
    expect(accept({ TZ: "Asia/Tokyo" })).to.deep.equal({
      accepted: { TZ: "Asia/Tokyo" },
      problems: ["The function films has the time zone Asia/Tokyo; on this machine it runs in UTC."],
    });
  });
});
