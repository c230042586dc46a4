/** What AWS asks for something in us-east-1, on demand, beyond any free tier. */
export interface Price {
  readonly dollars: number;
  /** The quantity that it buys. */
  readonly per: number;
  /** AWS's own page with the price. */
  readonly page: string;
}

const million = 1_000_000;
const gigabyte = 1024 ** 3;

/**
 * Prices as they were quoted in 2025 and 2026, each by at least one source other than AWS; AWS's pages, which are
 * named here, decide. Where a price falls with volume, it is the first step's.
 */
export const prices = {
  /** Invocations. */
  lambdaRequests: { dollars: 0.2, per: million, page: "https://aws.amazon.com/lambda/pricing/" },
  /** GB-seconds on arm64, billed by the millisecond. */
  lambdaGbSeconds: { dollars: 0.0000133334, per: 1, page: "https://aws.amazon.com/lambda/pricing/" },
  /** Steps of 5 KB put directly: $0.029 per GB. */
  firehoseSteps: { dollars: 0.029, per: gigabyte / (5 * 1024), page: "https://aws.amazon.com/firehose/pricing/" },
  sqsStandardRequests: { dollars: 0.4, per: million, page: "https://aws.amazon.com/sqs/pricing/" },
  sqsFifoRequests: { dollars: 0.5, per: million, page: "https://aws.amazon.com/sqs/pricing/" },
  writeUnits: { dollars: 0.625, per: million, page: "https://aws.amazon.com/dynamodb/pricing/on-demand/" },
  readUnits: { dollars: 0.125, per: million, page: "https://aws.amazon.com/dynamodb/pricing/on-demand/" },
  /** GetRecords of a stream by any caller but Lambda. */
  streamReads: { dollars: 0.02, per: 100_000, page: "https://aws.amazon.com/dynamodb/pricing/on-demand/" },
  /** PUT, COPY, POST and LIST. */
  s3Writes: { dollars: 0.005, per: 1000, page: "https://aws.amazon.com/s3/pricing/" },
  /** GET and all others; DELETE is free. */
  s3Reads: { dollars: 0.0004, per: 1000, page: "https://aws.amazon.com/s3/pricing/" },
  snsPublishes: { dollars: 0.5, per: million, page: "https://aws.amazon.com/sns/pricing/" },
  /** RPU-hours of Redshift Serverless, billed by the second and for at least a minute. */
  redshiftRpuHours: { dollars: 0.375, per: 1, page: "https://aws.amazon.com/redshift/pricing/" },
  /** Months of a standard alarm. */
  alarmMonths: { dollars: 0.1, per: 1, page: "https://aws.amazon.com/cloudwatch/pricing/" },
} satisfies Record<string, Price>;

/** Something that has a price. */
export type Priced = keyof typeof prices;

/** What a quantity of something costs, in dollars. */
export function priceOf(what: Priced, quantity: number): number {
  const { dollars, per }: Price = prices[what];
  return (quantity / per) * dollars;
}
