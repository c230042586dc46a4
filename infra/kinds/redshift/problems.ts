import type { StackInfo } from "../../kind.ts";
import type { Problem } from "../../settings/check.ts";
import { runChecks } from "../../settings/well-formed.ts";
import { firehoseCidrSource, firehoseCidrs } from "./firehose-cidr.ts";
import { newWarehouseSettings, type Settings } from "./settings.ts";
import { parseJdbcUrl } from "./warehouse.ts";
import { capacity } from "./warehouse-settings.ts";

type Check = (settings: Settings, stack: StackInfo) => Problem[];

/** What the schema alone cannot see; paths are relative to the destination. */
export function problems(settings: Settings, stack: StackInfo): readonly Problem[] {
  const checks = settings.existing === undefined ? ofNewWarehouse : ofExistingWarehouse;
  return runChecks(checks, settings, stack);
}

const ofNewWarehouse: readonly Check[] = [
  function knownRange({ firehoseCidr }, { region }) {
    if (region === undefined || firehoseCidr !== undefined || firehoseCidrs[region] !== undefined) return [];
    const message = `is missing, and Firehose's address range in ${region} is not known here; expected the IPv4 range that ${firehoseCidrSource} lists for ${region}`;
    return [{ path: "firehoseCidr", message }];
  },
  function roomToGrow(settings) {
    const { base, max } = capacity(settings);
    if (max >= base) return [];
    const message = `${max} is not allowed; expected at least baseCapacity, which is ${base}`;
    return [{ path: "maxCapacity", message }];
  },
];

const ofExistingWarehouse: readonly Check[] = [
  // A default would be the same for every stack, and two stacks would load into one table without noticing.
  function ownSchema({ schema }) {
    if (schema !== undefined) return [];
    const message =
      "is missing; expected a schema of the existing warehouse that no other stack loads into, such as fanout_prod (it is created if it does not exist)";
    return [{ path: "schema", message }];
  },
  ...newWarehouseSettings.map(
    (path): Check =>
      (settings) =>
        settings[path] === undefined
          ? []
          : [{ path, message: "says how to make a warehouse, but `existing` names one; expected one of the two" }],
  ),
  ({ existing }, stack) => elsewhere("existing.jdbcUrl", parseJdbcUrl(existing!.jdbcUrl)?.region, stack),
  ({ existing }, stack) => elsewhere("existing.adminSecretArn", existing!.adminSecretArn.split(":")[3], stack),
];

function elsewhere(path: string, there: string | undefined, { region }: StackInfo): Problem[] {
  if (region === undefined || there === region) return [];
  const message = `is in ${there}, but the stack deploys to ${region}; expected one in ${region}, where Firehose and the Data API work`;
  return [{ path, message }];
}
