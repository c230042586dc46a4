import { expect } from "chai";
import { kinds as provisioned } from "../../infra/kinds.ts";
import { kinds as local } from "../../local/kinds.ts";
import { kindName, kinds } from "../../operate/kinds.ts";
import { UserError } from "../../terminal/user-error.ts";

describe("the kinds of destination", () => {
  it("are known to the tools and to this machine, each of them", () => {
    expect(kinds).to.have.all.keys(Object.keys(provisioned));
    expect(local).to.have.all.keys(Object.keys(provisioned));
  });

  it("are kept apart from other names, in words for the user of a stack", () => {
    for (const name of Object.keys(kinds)) expect(kindName(name)).to.equal(name);
    for (const name of ["smoke", "toString"])
      expect(() => kindName(name)).to.throw(UserError, `a destination of kind ${name}, which is not known here`);
  });

  it("say at which of them a change waits for the earlier ones of its key", () => {
    const ordered = Object.entries(kinds).filter(([, kind]) => kind.ordered);
    expect(ordered.map(([name]) => name)).to.deep.equal(["sqs"]);
  });
});
