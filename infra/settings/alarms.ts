import { z } from "zod";
import { arnOf } from "./arn.ts";
import { type Checked, check, type Problem, problemsOf } from "./check.ts";
import { emailAddress } from "./fields.ts";
import { runChecks, wellFormed } from "./well-formed.ts";

/** An SNS topic's ARN. */
const topicArn = arnOf(
  "sns",
  /^(?=.{1,256}$)[A-Za-z0-9_-]+(\.fifo)?$/,
  "the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:operators",
);

/** The alarms that consumers and destinations have, and who is notified. */
export const alarmsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      "Whether there are alarms: six for each consumer and five for each warehouse, for which CloudWatch bills $0.10 a month apiece.",
    ),
  email: emailAddress
    .optional()
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
  const given = raw === undefined ? {} : raw;
  const checked = check(alarmsSchema, given, "alarms");
  const problems = [
    ...problemsOf(checked),
    ...runChecks([oneOfTheTwo, noFifoTopic, topicHere], { alarms: wellFormed(alarmsSchema, given), region }),
  ];
  return "value" in checked && problems.length === 0 ? checked : { problems };
}

interface Given {
  readonly alarms: AlarmSettings;
  readonly region: string | undefined;
}

const topicPath = "alarms.topicArn";

function oneOfTheTwo({ alarms: { email, topicArn } }: Given): Problem[] {
  if (email === undefined || topicArn === undefined) return [];
  const message = "asks for a topic to be made, but topicArn names one that exists; expected one of the two";
  return [{ path: "alarms.email", message }];
}

function noFifoTopic({ alarms: { topicArn } }: Given): Problem[] {
  if (!topicArn?.endsWith(".fifo")) return [];
  const message = "the topic is a FIFO topic, which no alarm can notify; expected a standard one";
  return [{ path: topicPath, message }];
}

function topicHere({ alarms: { topicArn }, region }: Given): Problem[] {
  const there = topicArn?.split(":")[3];
  if (there === undefined || region === undefined || there === region) return [];
  return [{ path: topicPath, message: `the topic is in ${there}; expected one in ${region}, where the alarms are` }];
}
