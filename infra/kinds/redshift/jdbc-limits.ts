import { show } from "../../settings/check.ts";
import { partitionOf, unknownRegion } from "../../settings/regions.ts";
import { systemDatabases } from "./names.ts";
import { parseJdbcUrl } from "./warehouse.ts";

/**
 * The ports that a warehouse may have. Older clusters keep any that they were made with:
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html,
 * https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html.
 */
const ports = {
  workgroup: {
    ranges: [
      [5431, 5455],
      [8191, 8215],
    ],
    words: "5431 to 5455, or 8191 to 8215",
  },
  cluster: { ranges: [[1150, 65_535]], words: "1150 to 65535" },
} as const;

/** What the Data API takes as a name, https://github.com/boto/botocore/tree/develop/botocore/data/redshift-data. */
const names = {
  workgroup: { pattern: /^[a-z0-9-]{3,63}$/, words: "3 to 63 lower-case letters, digits and `-`" },
  cluster: {
    pattern: /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    words: "1 to 63 lower-case letters, digits and single `-` inside, beginning with a letter",
  },
} as const;

/** What Firehose takes of each part of a host. */
const label = /^(?!-).{1,63}(?<!-)$/;

/** What no warehouse can have in its JDBC URL, though its form is right, as a sentence; undefined if nothing is wrong. */
export function jdbcProblem(url: string): string | undefined {
  const address = parseJdbcUrl(url);
  if (address === undefined) return undefined; // of another form, which is a problem of its own
  const { host, port, database, region, warehouse } = address;
  const kind = "workgroupName" in warehouse ? "workgroup" : "cluster";
  const name = "workgroupName" in warehouse ? warehouse.workgroupName : warehouse.clusterIdentifier;
  if (url.length > 512) return `has ${url.length} characters; expected at most 512`;
  const unknown = unknownRegion(region);
  if (unknown !== undefined) return unknown;
  const { domain } = partitionOf(region);
  if (!host.endsWith(`.${domain}`))
    return `${show(host)} is not where ${region} is; expected a host that ends in ${domain}`;
  if (!names[kind].pattern.test(name)) return `${show(name)} cannot be a ${kind}; expected ${names[kind].words}`;
  if (!host.split(".").every((part) => label.test(part)))
    return `${show(host)} cannot be a host; expected parts of 1 to 63 characters that neither begin nor end with \`-\``;
  if (!ports[kind].ranges.some(([from, to]) => port >= from && port <= to))
    return `no ${kind} has the port ${port}; expected ${ports[kind].words}`;
  if (systemDatabases.has(database.toLowerCase()))
    return `${show(database)} is a database of Redshift's own; expected another one`;
  return undefined;
}
