import { expect } from "chai";
import { connectedDestinations } from "../../../handlers/core/destinations.ts";

describe("a function's destinations", () => {
  const coded = {
    events: {
      kind: "sqs",
      settings: { fifo: true, claims: { prefix: "claims/" } },
      late: [["queueUrl"], ["claims", "bucket"], ["a", "b"]],
    },
    box: { kind: "shoebox", settings: { size: 3 } },
  };

  it("have the settings of the code, filled up from the environment in the code's order", () => {
    expect(connectedDestinations(coded, '{"events":["https://queue","bodies",7]}')).to.deep.equal({
      events: {
        kind: "sqs",
        settings: {
          fifo: true,
          queueUrl: "https://queue",
          claims: { prefix: "claims/", bucket: "bodies" },
          a: { b: 7 },
        },
      },
      box: { kind: "shoebox", settings: { size: 3 } },
    });
    expect(coded.events.settings).to.deep.equal({ fifo: true, claims: { prefix: "claims/" } });
  });

  it("need no variable where the code knows everything, and pass over what it says of others", () => {
    const { box } = coded;
    expect(connectedDestinations({ box }, undefined)).to.deep.equal({ box });
    expect(connectedDestinations({ box }, '{"events":["https://queue"]}')).to.deep.equal({ box });
  });

  it("are refused where the environment is of another deployment than the code, without a word of what may be secret", () => {
    const message = (problem: string) =>
      `DESTINATIONS.events: this function's code needs a list with queueUrl, claims.bucket, a.b, but the environment has ${problem}. The two are of different deployments: deploy the stack again.`;
    for (const [variable, problem] of [
      [undefined, "a list of 0"],
      ["{}", "a list of 0"],
      ['{"events":["https://queue","bodies"]}', "a list of 2"],
      ['{"events":{"queueUrl":"https://queue"}}', "no list"],
    ] as const)
      expect(() => connectedDestinations(coded, variable)).to.throw(message(problem));
    expect(() => connectedDestinations({ box: coded.box }, '{"box":["a"]}')).to.throw("a list with nothing, but");
  });
});
