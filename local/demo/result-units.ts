import { consumerUnits } from "../../operate/redrive/result.ts";
import { type UnitsByPlace, unitsBelow } from "../../terminal/json.ts";

const destinationUnits: UnitsByPlace = {
  changes: "changes",
  batches: "batches",
  invocations: "invocations",
  calls: "calls",
  lag: "milliseconds",
  failureMessages: "messages",
};

const costUnits: UnitsByPlace = {
  "consumers.gbSeconds": "GB-seconds",
  "consumers.lambda": "US dollars",
  "consumers.calls": "US dollars",
  "consumers.readers": "US dollars",
  "consumers.total": "US dollars",
  "consumers.invocations": "invocations",
  "consumers.milliseconds": "milliseconds",
  "consumers.memoryMb": "MB",
  "consumers.units": "billed units",
  "consumers.perMillion": "US dollars for a million changes",
  total: "US dollars",
  perMillion: "US dollars for a million changes",
  "loads.rpu": "RPU",
  "loads.interval": "seconds",
  "loads.loads": "loads",
  "loads.dollars": "US dollars",
  "loads.perDay": "US dollars a day",
};

/** What the numbers of a run's result count or measure. */
export const resultUnits: UnitsByPlace = {
  changes: "changes",
  seconds: "seconds",
  ...unitsBelow("destinations", destinationUnits),
  ...unitsBelow("cost", costUnits),
  ...unitsBelow("redrive.consumers", consumerUnits),
  ...unitsBelow("redrive.destinations", destinationUnits),
};
