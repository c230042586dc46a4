import * as pulumi from "@pulumi/pulumi";
import { FanOut } from "./infra/fan-out.ts";
import { fanOutName, readSettings } from "./infra/stack/settings.ts";

const fanOut = new FanOut(fanOutName, await readSettings(new pulumi.Config("fanout")));

/** Name of the source table. */
export const table = fanOut.table;
/** ARN of the table's stream. */
export const stream = fanOut.stream;
/** The topic that the alarms notify, if there is one: `topicArn`. */
export const alarms = fanOut.alarms;
/** By destination: what feeds it, where its failures go, and what it is. */
export const destinations = fanOut.destinations;
