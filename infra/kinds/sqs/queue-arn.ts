/** The parts of a queue's ARN. */
export interface QueueArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** Reads a queue's ARN; undefined if it is not one. */
export function readQueueArn(arn: string): QueueArn | undefined {
  const match =
    /^arn:(?<partition>aws[a-z-]*):sqs:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<name>[A-Za-z0-9_-]{1,80}(?:\.fifo)?)$/.exec(
      arn,
    );
  return match ? ({ ...match.groups } as unknown as QueueArn) : undefined;
}

/** The URL of a queue, which SQS makes of the same parts as its ARN. */
export function queueUrl({ partition, region, account, name }: QueueArn): string {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://sqs.${region}.${suffix}/${account}/${name}`;
}
