import { expect } from "chai";
import { queueUrl, settingsSchema } from "../../../../infra/kinds/sqs/settings.ts";

const queueArn = "arn:aws:sqs:us-east-1:111122223333:orders.fifo";

describe("a queue's ARN", () => {
  it("gives its URL", () => {
    expect(queueUrl(queueArn)).to.equal("https://sqs.us-east-1.amazonaws.com/111122223333/orders.fifo");
    expect(queueUrl("arn:aws-cn:sqs:cn-north-1:111122223333:a")).to.equal(
      "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/a",
    );
    expect(queueUrl("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:a_b-c")).to.equal(
      "https://sqs.us-gov-west-1.amazonaws.com/111122223333/a_b-c",
    );
  });

  for (const text of [
    "",
    "orders",
    "arn:aws:sns:us-east-1:111122223333:orders",
    "arn:aws:sqs:us-east-1:1:orders",
    `${queueArn}.fifo`,
  ])
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(settingsSchema.safeParse({ queueArn: text }).success).to.equal(false);
    });
});
