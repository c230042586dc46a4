import type { StackInfo } from "../../kind.ts";
import type { Problem } from "../../settings/check.ts";
import { firehoseCidrSource, firehoseCidrs } from "./firehose-cidr.ts";
import { newWarehouseSettings, type Settings } from "./settings.ts";
import { parseJdbcUrl } from "./warehouse.ts";
import { capacity } from "./warehouse-settings.ts";

/** What the schema alone cannot see; paths are relative to the destination. */
export function problems(settings: Settings, { region }: StackInfo): readonly Problem[] {
  return settings.existing === undefined
    ? newWarehouseProblems(settings, region)
    : existingWarehouseProblems(settings, settings.existing, region);
}

function newWarehouseProblems(settings: Settings, region: string | undefined): Problem[] {
  const found: Problem[] = [];
  if (region !== undefined && settings.firehoseCidr === undefined && firehoseCidrs[region] === undefined) {
    found.push({
      path: "firehoseCidr",
      message: `is missing, and Firehose's address range in ${region} is not known here; expected the IPv4 range that ${firehoseCidrSource} lists for ${region}`,
    });
  }
  const { base, max } = capacity(settings);
  if (max < base) {
    found.push({
      path: "maxCapacity",
      message: `${max} is not allowed; expected at least baseCapacity, which is ${base}`,
    });
  }
  return found;
}

// A default would be the same for every stack, and two stacks would load into one table without noticing.
const noSchema: Problem = {
  path: "schema",
  message:
    "is missing; expected a schema of the existing warehouse that no other stack loads into, such as fanout_prod (it is created if it does not exist)",
};

function existingWarehouseProblems(
  settings: Settings,
  existing: NonNullable<Settings["existing"]>,
  region: string | undefined,
): Problem[] {
  const found: Problem[] = settings.schema === undefined ? [noSchema] : [];
  for (const path of newWarehouseSettings.filter((field) => settings[field] !== undefined))
    found.push({ path, message: "says how to make a warehouse, but `existing` names one; expected one of the two" });
  const elsewhere = (path: string, there: string | undefined) => {
    if (region === undefined || there === region) return;
    found.push({
      path,
      message: `is in ${there}, but the stack deploys to ${region}; expected one in ${region}, where Firehose and the Data API work`,
    });
  };
  elsewhere("existing.jdbcUrl", parseJdbcUrl(existing.jdbcUrl)?.region);
  elsewhere("existing.adminSecretArn", existing.adminSecretArn.split(":")[3]);
  return found;
}
