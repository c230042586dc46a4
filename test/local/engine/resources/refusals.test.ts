import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { register } from "../../../../local/engine/register.ts";
import { resources } from "../../../../local/engine/resources.ts";
import { startWorld } from "../../../../local/engine/world/start-world.ts";
import type { World } from "../../../../local/engine/world/world.ts";
import { UserError } from "../../../../terminal/user-error.ts";
import { sharedDynamoDb } from "../../../support/dynamodb.ts";

describe("resources that AWS would refuse, or that would not work there,", () => {
  const url = (host: string, port = 5439, database = "films") => `jdbc:redshift://${host}:${port}/${database}`;
  const own = "films.000000000000.eu-west-1.redshift-serverless.amazonaws.com";
  let world: World;
  before(async () => {
    const { endpoint } = await sharedDynamoDb();
    const silent = () => {};
    const region = "eu-west-1";
    world = await startWorld({ root: ".", region, dynamoDbEndpoint: endpoint, onUp: silent, onProblem: silent });
  });
  after(() => world?.stop());

  const make = async (type: keyof typeof resources, inputs: Record<string, unknown>) =>
    (await resources[type].create({ type, name: "films", region: "eu-west-1", inputs }, world)).outputs;
  /** A role that a service may be, and that may do such things with everything. */
  const role = (service: string, Action: string) => {
    const allowing = (more: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
    return make("aws:iam/role:Role", {
      assumeRolePolicy: allowing({ Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" }),
      inlinePolicies: [{ name: "all", policy: allowing({ Action, Resource: "*" }) }],
    });
  };
  const refusal = async (type: keyof typeof resources, inputs: Record<string, unknown>): Promise<string> => {
    const error = await make(type, inputs).catch((reason) => reason);
    expect(error).to.be.instanceOf(UserError);
    return error.message;
  };

  it("are refused: more than one statement", async () => {
    const type = "aws:redshiftdata/statement:Statement";
    expect(await refusal(type, { sql: "CREATE TABLE a (n int); CREATE TABLE b (n int)" })).to.match(
      /^`sql` has 2 statements, but the Data API's ExecuteStatement takes one\./,
    );
    expect(await refusal(type, { sql: "-- nothing" })).to.match(/^`sql` has 0 statements/);
    await make(type, { sql: "CREATE TABLE a (n int);" });
  });

  it("are refused: a second mapping of the same stream to the same function", async () => {
    const code = new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset("export const handler = () => {};"),
    });
    const lambda = {
      runtime: "nodejs24.x",
      handler: "index.handler",
      role: (await role("lambda", "dynamodb:*")).arn,
      code,
    };
    const { streamArn } = await make("aws:dynamodb/table:Table", {
      attributes: [{ name: "id", type: "S" }],
      hashKey: "id",
      billingMode: "PAY_PER_REQUEST",
      streamEnabled: true,
      streamViewType: "KEYS_ONLY",
    });
    const [one, two] = [
      await make("aws:lambda/function:Function", lambda),
      await make("aws:lambda/function:Function", lambda),
    ];
    const mapping = (functionName: unknown) => ({
      eventSourceArn: streamArn,
      functionName,
      startingPosition: "LATEST",
    });
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const { uuid } = await make(type, mapping(one?.arn));
    await make(type, mapping(two?.name));
    expect(await refusal(type, mapping(one?.name))).to.match(
      new RegExp(`^ResourceConflictException: The event source arn .* already exists\\. .* UUID ${uuid}$`),
    );
  });

  it("are refused: a boundary of a role, and what nobody knows of a function's log", async () => {
    const bounded = { assumeRolePolicy: "{}", permissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
    expect(await refusal("aws:iam/role:Role", bounded)).to.match(/^`permissionsBoundary` has no equivalent/);
    const lambda = (loggingConfig: object) => ({ runtime: "nodejs24.x", role: "r", loggingConfig });
    const type = "aws:lambda/function:Function";
    expect(await refusal(type, lambda({ logFormat: "JSON", colour: "red" }))).to.match(/^`loggingConfig\.colour` has/);
  });

  it("are refused: what nobody knows of an alarm's queries", async () => {
    const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
    const query = { id: "m1", metric: { metricName: "Errors", namespace: "AWS/Lambda", period: 60, stat: "Sum" } };
    const alarm = (metricQueries: object[]) => ({ comparisonOperator: "GreaterThanThreshold", metricQueries });
    const { name, arn } = await make(type, alarm([query]));
    expect(name).to.match(/^films-[0-9a-f]{7}$/);
    expect(arn).to.equal(`arn:aws:cloudwatch:eu-west-1:000000000000:alarm:${name}`);
    expect(await refusal(type, alarm([query, { id: "m2", colour: "red" }]))).to.match(
      /^`metricQueries\[1\]\.colour` has no equivalent/,
    );
    const odd = { id: "m1", metric: { ...query.metric, colour: "red" } };
    expect(await refusal(type, alarm([odd]))).to.match(/^`metricQueries\[0\]\.metric\.colour` has no equivalent/);
    expect(await refusal(type, { evaluationCriteria: {} })).to.match(/^`evaluationCriteria` has no equivalent/);
  });

  it("are refused: what nobody thought of inside of an argument, however deep", async () => {
    const odd = { odd: 1 };
    const table = { hashKey: "id" };
    const lambda = { runtime: "nodejs24.x", role: "r" };
    const rules = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const cases: readonly (readonly [keyof typeof resources, string, Record<string, unknown>])[] = [
      ["aws:dynamodb/table:Table", "ttl.odd", { ...table, ttl: odd }],
      ["aws:dynamodb/table:Table", "attributes[0].odd", { ...table, attributes: [odd] }],
      ["aws:dynamodb/table:Table", "globalSecondaryIndexes[1].odd", { ...table, globalSecondaryIndexes: [{}, odd] }],
      [
        "aws:dynamodb/table:Table",
        "globalSecondaryIndexes[0].keySchemas[0].odd",
        { ...table, globalSecondaryIndexes: [{ keySchemas: [odd] }] },
      ],
      ["aws:dynamodb/table:Table", "localSecondaryIndexes[0].odd", { ...table, localSecondaryIndexes: [odd] }],
      ["aws:dynamodb/table:Table", "pointInTimeRecovery.odd", { ...table, pointInTimeRecovery: odd }],
      ["aws:dynamodb/table:Table", "serverSideEncryption.odd", { ...table, serverSideEncryption: odd }],
      ["aws:ec2/routeTable:RouteTable", "routes[0].odd", { routes: [odd] }],
      ["aws:ec2/securityGroup:SecurityGroup", "ingress[0].odd", { ingress: [odd] }],
      ["aws:iam/role:Role", "inlinePolicies[0].odd", { inlinePolicies: [odd] }],
      ["aws:lambda/eventSourceMapping:EventSourceMapping", "destinationConfig.odd", { destinationConfig: odd }],
      [
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "filterCriteria.filters[0].odd",
        { filterCriteria: { filters: [odd] } },
      ],
      ["aws:lambda/function:Function", "environment.odd", { ...lambda, environment: odd }],
      ["aws:lambda/function:Function", "vpcConfig.odd", { ...lambda, vpcConfig: odd }],
      ["aws:redshiftserverless/workgroup:Workgroup", "configParameters[0].odd", { configParameters: [odd] }],
      [rules, "rules[0].odd", { bucket: "b", rules: [odd] }],
      [rules, "rules[0].filter.and.odd", { bucket: "b", rules: [{ filter: { and: odd } }] }],
      ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "rule.odd", { bucket: "b", rule: odd }],
      [
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules[0].applyServerSideEncryptionByDefault.odd",
        { bucket: "b", rules: [{ applyServerSideEncryptionByDefault: odd }] },
      ],
    ];
    for (const [type, path, inputs] of cases) {
      const message = await refusal(type, inputs);
      expect(message.slice(0, message.indexOf(" has no equivalent"))).to.equal(`\`${path}\``);
    }
  });

  it("are refused: a function with a variable that Lambda sets itself, of which nothing is left", async () => {
    const environment = { variables: { AWS_REGION: "eu-west-1" } };
    const inputs = { runtime: "nodejs24.x", role: (await role("lambda", "logs:*")).arn, environment };
    const before = world.functions.size;
    expect(await refusal("aws:lambda/function:Function", inputs)).to.match(/used in this request: AWS_REGION$/);
    expect(world.functions.size).to.equal(before);
  });

  it("are refused: arguments of a provider that would lead elsewhere", async () => {
    const provider = (inputs: object, type = "pulumi:providers:aws") =>
      register({ type, name: "p", inputs, custom: true } as never, world).catch((reason) => reason);
    expect((await provider({ region: "us-west-2", skipCredentialsValidation: "false" })).id).to.match(/::p$/);
    expect((await provider({ assumeRoles: "[]" })).message).to.match(/^`assumeRoles` has no equivalent/);
    expect((await provider({ endpoints: "[]" })).message).to.match(/^`endpoints` has no equivalent/);
    expect((await provider({ anything: 1 }, "pulumi:providers:random")).message).to.match(/^`anything` has no/);
  });

  it("are refused: administrators whose passwords cannot be", async () => {
    const type = "aws:redshiftserverless/namespace:Namespace";
    const redshift = await world.redshift.get();
    const { adminPasswordSecretArn } = await make(type, {
      namespaceName: "films",
      dbName: "films",
      manageAdminPassword: true,
    });
    const { username, password } = JSON.parse(world.secrets.get(String(adminPasswordSecretArn)) ?? "");
    await redshift.login(username, password);
    const poor = { namespaceName: "more", adminUsername: "Boss", adminUserPassword: "It'sNot1" };
    const { message } = await make(type, poor).catch((error) => error);
    expect(message).to.match(/^the password may only have .* PASSWORD '\*\*\*'/);
    await make(type, { namespaceName: "more", adminUsername: "Boss", adminUserPassword: "Secret1234" });
    await redshift.login("Boss", "Secret1234");
    const other = { namespaceName: "third", adminUsername: "Boss", adminUserPassword: "Other12345" };
    expect(await refusal(type, other)).to.match(/^another namespace has an administrator Boss/);
    const both = { namespaceName: "third", adminUserPassword: "Secret1234", manageAdminPassword: true };
    expect(await refusal(type, both)).to.match(/exclude each other/);
    await make(type, { namespaceName: "third", manageAdminPassword: true });
    await redshift.login(username, password);
  });

  it("are refused: a delivery stream to a warehouse that Firehose could not connect to", async () => {
    await make("aws:redshiftserverless/namespace:Namespace", { namespaceName: "films", dbName: "films" });
    const workgroup = (inputs: object) =>
      make("aws:redshiftserverless/workgroup:Workgroup", {
        workgroupName: "films",
        namespaceName: "films",
        publiclyAccessible: true,
        ...inputs,
      });
    const { arn: roleArn } = await role("firehose", "s3:*");
    const stream = (clusterJdbcurl: string) => ({
      destination: "redshift",
      redshiftConfiguration: {
        clusterJdbcurl,
        roleArn,
        username: "loader",
        password: "Secret1234",
        dataTableName: "changes",
        copyOptions: "FORMAT JSON 'auto'",
        s3Configuration: { bucketArn: "arn:aws:s3:::staging", roleArn },
      },
    });
    const type = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
    const why = async (jdbcUrl: string) => /, but (.*)\. On AWS/.exec(await refusal(type, stream(jdbcUrl)))?.[1];
    expect(await why(url(own))).to.equal(`this program made no workgroup at ${own}`);
    await workgroup({});
    expect(await why(url(own, 5440))).to.equal("its workgroup listens on port 5439");
    expect(await why(url(own, 5439, "dev"))).to.equal("its namespace was made with the database films");
    await make(type, stream(url(own)));
    await workgroup({ publiclyAccessible: undefined });
    expect(await why(url(own))).to.match(/not `publiclyAccessible`/);
    await workgroup({ enhancedVpcRouting: true });
    expect(await why(url(own))).to.match(/`enhancedVpcRouting`/);
    await workgroup({ namespaceName: "none" });
    expect(await why(url(own))).to.match(/made no namespace none/);
    await make(type, stream(url("cluster.abc123.eu-west-1.redshift.amazonaws.com")));
  });
});
