import { expect } from "chai";
import { kinds } from "../../../infra/kinds.ts";
import { refusal } from "../../support/refusal.ts";

const known = Object.keys(kinds).join(", ");

const source = { hashKey: { name: "id", type: "S" } };
const destinations = { events: { kind: "sqs" } };
const refused = (alarms: unknown) => refusal({ source, destinations, alarms });

describe("the configuration of alarms", () => {
  it("says all that is wrong at once", async () => {
    expect(
      await refused({
        enabled: "no",
        email: "operators",
        topicArn: "operators",
        oldestFailureHours: 24,
        iteratorAgeMinutes: 0,
        mail: "a@example.com",
      }),
    ).to.deep.equal([
      'alarms.enabled: "no" is not allowed; expected true or false',
      'alarms.email: "operators" is not allowed; expected an e-mail address',
      'alarms.topicArn: "operators" is not allowed; expected the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:operators',
      "alarms.oldestFailureHours: 24 is not allowed; expected a whole number from 1 to 23",
      "alarms.iteratorAgeMinutes: 0 is not allowed; expected a whole number from 1 to 1440",
      "alarms.mail: is not a setting; did you mean `email`?",
    ]);
    expect(await refused("a@example.com")).to.deep.equal([
      'alarms: "a@example.com" is not allowed; expected settings (enabled, email, topicArn, oldestFailureHours, iteratorAgeMinutes)',
    ]);
  });

  it("takes one topic or one address, and a topic that an alarm can reach", async () => {
    const elsewhere = "arn:aws:sns:eu-west-1:111122223333:operators.fifo";
    expect(await refused({ email: "operators@example.com", topicArn: elsewhere })).to.deep.equal([
      "alarms.email: asks for a topic to be made, but topicArn names one that exists; expected one of the two",
      "alarms.topicArn: the topic is a FIFO topic, which no alarm can notify; expected a standard one",
      "alarms.topicArn: the topic is in eu-west-1; expected one in us-east-1, where the alarms are",
    ]);
  });

  it("is refused beside what else is wrong", async () => {
    expect(await refusal({ source, destinations: { a: { kind: "sqss" } }, alarms: { email: 5 } })).to.deep.equal([
      "alarms.email: 5 is not allowed; expected an e-mail address",
      `destinations.a.kind: "sqss" is not a kind; did you mean \`sqs\`? expected one of ${known}`,
    ]);
  });
});
