import { z } from "zod";
import { type Checked, check, type Problem } from "./check.ts";

/** An SNS topic's ARN. */
const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/)
  .meta({ allowed: "the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:operators" });

/** The alarms that consumers and destinations have, and who is notified. */
export const alarmsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      "Whether there are alarms: six for each consumer and five for each warehouse, for which CloudWatch bills $0.10 a month apiece.",
    ),
  email: z
    .email()
    .optional()
    .meta({ allowed: "an e-mail address" })
    .describe(
      "Who is told when an alarm goes off, and when it is over, through a topic made for it. SNS first sends a link to confirm the address with. With neither this nor `topicArn`, alarms show in CloudWatch only.",
    ),
  topicArn: topicArn
    .optional()
    .describe(
      "An SNS topic of yours that is told instead, standard and in the stack's Region. Its policy, and that of its key if it is encrypted, must admit `cloudwatch.amazonaws.com`; the key `aws/sns` cannot.",
    ),
  // The stream keeps a record for 24 hours, and by default a mapping gives it up after 12 hours at the latest: a message
  // that has waited for four more leaves eight hours to bring its records back.
  oldestFailureHours: z
    .int()
    .min(1)
    .max(23)
    .default(4)
    .describe(
      "Hours that a message may wait in a failure queue. What it stands for can be brought back until it is 24 hours old, and was up to `maximumRecordAgeInSeconds` old when the message came.",
    ),
  // While a destination is down, handlers wait, and Lambda is at its third attempt after half an hour: early enough to
  // repair it before the attempts are used up, late enough to ignore what passes by itself.
  iteratorAgeMinutes: z.int().min(1).max(1440).default(30).describe("Minutes that a function may be behind the table."),
});

/** The alarms' settings, defaults applied. */
export type AlarmSettings = z.output<typeof alarmsSchema>;

/**
 * Checks `alarms`.
 * @param region the stack's Region, if it is known
 */
export function readAlarms(raw: unknown, region: string | undefined): Checked<AlarmSettings> {
  const checked = check(alarmsSchema, raw === undefined ? {} : raw, "alarms");
  if ("problems" in checked) return checked;
  const problems = topicProblems(checked.value, region);
  return problems.length > 0 ? { problems } : checked;
}

/** What the schema alone cannot see: how the topic fits what else is configured. */
function topicProblems({ email, topicArn }: AlarmSettings, region: string | undefined): readonly Problem[] {
  if (topicArn === undefined) return [];
  const problems: Problem[] = [];
  const path = "alarms.topicArn";
  if (email !== undefined)
    problems.push({
      path: "alarms.email",
      message: "asks for a topic to be made, but topicArn names one that exists; expected one of the two",
    });
  if (topicArn.endsWith(".fifo"))
    problems.push({ path, message: "the topic is a FIFO topic, which no alarm can notify; expected a standard one" });
  const there = topicArn.split(":")[3];
  if (region !== undefined && there !== region)
    problems.push({ path, message: `the topic is in ${there}; expected one in ${region}, where the alarms are` });
  return problems;
}
