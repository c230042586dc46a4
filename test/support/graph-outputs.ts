interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly preview: boolean;
}

const account = "111122223333";
const home = "us-east-1";

/** What AWS would say about a resource that was just made: its names and ARNs. Nothing in a preview, when it is unknown. */
export function outputsOf({ type, name, inputs, preview }: Registration): {
  id: string | undefined;
  state: Record<string, unknown>;
} {
  if (preview) return { id: undefined, state: { ...inputs } };
  const given = inputs.name ?? inputs.workgroupName ?? inputs.namespaceName;
  const physical = String(given ?? `${name}-1234567${inputs.fifoQueue ? ".fifo" : ""}`);
  const region = String(inputs.region ?? home);
  const service = type.slice(type.indexOf(":") + 1, type.indexOf("/"));
  const common = { name: physical, arn: `arn:aws:${service}:${region}:${account}:${physical}` };
  const known = special[type]?.(physical, region, name) ?? {};
  const state = { ...common, ...inputs, ...known };
  return { id: String(known.id ?? physical), state };
}

type Special = (physical: string, region: string, name: string) => Record<string, unknown>;

const special: Readonly<Record<string, Special>> = {
  "aws:dynamodb/table:Table": (table, region) => {
    const arn = `arn:aws:dynamodb:${region}:${account}:table/${table}`;
    return { arn, streamArn: `${arn}/stream/2026-01-01T00:00:00.000` };
  },
  "aws:sqs/queue:Queue": (queue, region) => {
    const url = `https://sqs.${region}.amazonaws.com/${account}/${queue}`;
    return { id: url, url, arn: `arn:aws:sqs:${region}:${account}:${queue}` };
  },
  "aws:lambda/function:Function": (name, region) => ({ arn: `arn:aws:lambda:${region}:${account}:function:${name}` }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": (_physical, _region, name) => ({
    id: `uuid-of-${name}`,
    uuid: `uuid-of-${name}`,
  }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (stream, region) => ({
    arn: `arn:aws:firehose:${region}:${account}:deliverystream/${stream}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (group, region) => ({
    arn: `arn:aws:logs:${region}:${account}:log-group:${group}`,
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (alarm, region) => ({
    arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`,
  }),
  "aws:iam/role:Role": (role) => ({ arn: `arn:aws:iam::${account}:role/${role}` }),
  "aws:s3/bucket:Bucket": (bucket) => ({ bucket, arn: `arn:aws:s3:::${bucket}` }),
  "aws:redshiftserverless/namespace:Namespace": (namespace, region) => ({
    namespaceName: namespace,
    adminPasswordSecretArn: `arn:aws:secretsmanager:${region}:${account}:secret:redshift!${namespace}`,
  }),
  "aws:redshiftserverless/workgroup:Workgroup": (workgroup, region) => ({
    workgroupName: workgroup,
    endpoints: [{ address: `${workgroup}.${account}.${region}.redshift-serverless.amazonaws.com`, port: 5439 }],
  }),
  "random:index/randomPassword:RandomPassword": () => ({ result: "a-password-that-nobody-may-see" }),
  "random:index/randomId:RandomId": () => ({ hex: "0123456789abcdef".repeat(4) }),
};
