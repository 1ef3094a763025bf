import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import * as glueApi from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as schedulerApi from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import * as sqsApi from "@aws-sdk/client-sqs";
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import type { WatchedDataset, WatchList } from "../../contract/freshness";
import { dateKey, enumKey, integerKey, type PartitionKey } from "../../contract/keys";
import { LAPTOP_CREDENTIALS } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { checkFreshness, type CheckClients } from "../../operations/freshness/check";
import { expressionOf } from "../../operations/freshness/partition";

const region = "ap-northeast-1";
const [DATABASE, BUCKET, GROUP] = ["lake", "data", "partitions-test"];
/** The schedules of these tests are made now: what is due comes later. */
const DUE = new Date("2040-02-29T19:00:00Z");
const LONG_DUE = new Date("2040-02-29T19:15:00Z");
const tokyo = { timeZone: "Asia/Tokyo" };
const oneDay = [dateKey("day", tokyo)];

describe("the checker", function () {
  this.timeout(60_000);
  let moto: Moto;
  let clients: CheckClients & { readonly sqs: sqsApi.SQSClient };
  let topicArn: string;
  let queueUrl: string;
  let count = 0;

  before(async function () {
    this.timeout(900_000);
    moto = await startMoto({ region }, console.log);
    const options = { region, credentials: LAPTOP_CREDENTIALS, endpoint: moto.endpoint };
    clients = {
      glue: new glueApi.GlueClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      scheduler: new schedulerApi.SchedulerClient(options),
      cloudWatch: new CloudWatchClient(options),
      sns: new SNSClient(options),
      sqs: new sqsApi.SQSClient(options),
    };
    const { glue, s3, scheduler, sns, sqs } = clients;
    await glue.send(new glueApi.CreateDatabaseCommand({ DatabaseInput: { Name: DATABASE } }));
    const place = { LocationConstraint: region } as const;
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: place }));
    await scheduler.send(new schedulerApi.CreateScheduleGroupCommand({ Name: GROUP }));
    topicArn = (await sns.send(new CreateTopicCommand({ Name: "alarms" }))).TopicArn ?? "";
    queueUrl = (await sqs.send(new sqsApi.CreateQueueCommand({ QueueName: "reader" }))).QueueUrl ?? "";
    const Endpoint = `arn:aws:sqs:${region}:123456789012:reader`;
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint }));
  });
  after(() => moto?.stop());

  /** A dataset with its table and its schedule. */
  async function dataset(
    given: { keys?: readonly PartitionKey[]; projected?: true; state?: "DISABLED" | "none" } = {},
  ): Promise<WatchedDataset> {
    const { keys = oneDay, projected, state } = given;
    const name = `t${++count}`;
    const PartitionKeys = keys.map((key) => ({ Name: key.name, Type: key.type }));
    await clients.glue.send(
      new glueApi.CreateTableCommand({ DatabaseName: DATABASE, TableInput: { Name: name, PartitionKeys } }),
    );
    if (state !== "none")
      await clients.scheduler.send(
        new schedulerApi.CreateScheduleCommand({
          ...{ Name: name, GroupName: GROUP, ScheduleExpression: "cron(30 2 * * ? *)", State: state },
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: {
            Arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
            RoleArn: "arn:aws:iam::1:role/r",
          },
        }),
      );
    return {
      ...{ name, table: name, scheduleName: name, partitionKeys: keys },
      schedule: { at: "02:30", timeZone: "Asia/Tokyo", dayOffset: -1, dueBy: "04:00" },
      ...(projected ? { outputPrefix: `${name}/output/` } : {}),
    };
  }

  const register = ({ name }: WatchedDataset, ...Values: string[]) =>
    clients.glue.send(
      new glueApi.CreatePartitionCommand({
        ...{ DatabaseName: DATABASE, TableName: name },
        PartitionInput: { Values, StorageDescriptor: { Location: "s3://data/x/" } },
      }),
    );
  const put = ({ name }: WatchedDataset, file: string, Body = "a\n") =>
    clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${name}/output/${file}`, Body: Buffer.from(Body) }));

  const listOf = (...datasets: readonly WatchedDataset[]): WatchList => ({
    ...{ project: "partitions", stack: "test", base: "partitions-test", metrics: "partitions" },
    ...{ database: DATABASE, bucket: BUCKET, scheduleGroup: GROUP, topicArn, runbook: "docs/runbook.md", datasets },
  });

  /** What comes out of a look: who is late, what the topic's subscriber got, and the metric at that instant. */
  async function look(now: Date, ...datasets: readonly WatchedDataset[]) {
    const late = await checkFreshness(clients, listOf(...datasets), now);
    const { Messages = [] } = await clients.sqs.send(
      new sqsApi.ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    for (const { ReceiptHandle } of Messages)
      await clients.sqs.send(new sqsApi.DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    const said = Messages.map(({ Body = "" }) => JSON.parse(Body) as { Subject: string; Message: string });
    return { late: late.map(({ dataset: { name }, day }) => `${name} ${day.processDate}`), said };
  }

  it("says nothing of a partition that is there", async () => {
    const features = await dataset();
    await register(features, "2040-02-29");
    deepEqual(await look(DUE, features), { late: [], said: [] });
  });

  it("tells the topic once of a partition that is not there, and counts it until it is", async () => {
    const features = await dataset();
    await register(features, "2040-02-28");
    deepEqual((await look(new Date(DUE.getTime() - 1), features)).late, []);
    const { late, said } = await look(DUE, features);
    deepEqual(late, [`${features.name} 2040-02-29`]);
    equal(said.length, 1);
    equal(said[0]?.Subject, `partitions-test: late: ${features.name} 2040-02-29`);
    const name = features.name;
    equal(
      said[0]?.Message,
      [
        `The partition for day 2040-02-29 of dataset '${name}' is not there by 04:00 (Asia/Tokyo).`,
        `  Glue has no such partition of lake.${name}.`,
        `  Look:   npm run operate -- --stack test partitions ${name} --status`,
        `  Run it: npm run operate -- --stack test backfill ${name} --from 2040-02-29 --to 2040-02-29`,
        "",
        "What to do: docs/runbook.md#a-partition-is-late",
        "",
      ].join("\n"),
    );
    deepEqual(await look(LONG_DUE, features), { late: [`${name} 2040-02-29`], said: [] });
    await register(features, "2040-02-29");
    deepEqual((await look(LONG_DUE, features)).late, []);
  });

  it("publishes how many are late, at the instant of the look", async () => {
    const [one, two, three] = [await dataset(), await dataset(), await dataset()];
    await register(two, "2040-02-29");
    const now = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const later = new Date("2040-03-01T00:00:00Z");
    for (const at of [later, now]) await checkFreshness(clients, listOf(one, two, three), at);
    const { Datapoints = [] } = await clients.cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: "partitions", MetricName: "LateDatasets", Period: 60, Statistics: ["Maximum"] },
        Dimensions: [{ Name: "Stack", Value: "partitions-test" }],
        ...{ StartTime: later, EndTime: new Date(later.getTime() + 60_000) },
      }),
    );
    deepEqual(
      Datapoints.map(({ Maximum }) => Maximum),
      [2],
    );
  });

  it("expects no day from before the schedule was made", async () => {
    deepEqual(await look(new Date("2021-12-01T19:00:00Z"), await dataset()), { late: [], said: [] });
  });

  it("tells where the schedule itself is the reason", async () => {
    const [disabled, gone] = [await dataset({ state: "DISABLED" }), await dataset({ state: "none" })];
    const { said } = await look(DUE, disabled, gone);
    const text = said[0]?.Message ?? "";
    match(text, new RegExp(`its schedule '${disabled.name}' is disabled`));
    match(text, new RegExp(`its schedule '${gone.name}' could not be read: ResourceNotFound`));
    equal(said[0]?.Subject, `partitions-test: late: ${disabled.name} 2040-02-29 and 1 more`);
  });

  it("takes what it cannot look at for late, and says what stood in its way", async () => {
    const [blocked, fine] = [await dataset(), await dataset()];
    await register(fine, "2040-02-29");
    const glue = new glueApi.GlueClient({ region, credentials: LAPTOP_CREDENTIALS, endpoint: moto.endpoint });
    glue.middlewareStack.add((next) => (args) => {
      if (JSON.stringify(args.input).includes(blocked.name))
        throw Object.assign(new Error("not authorized to perform: glue:GetPartition"), {
          name: "AccessDeniedException",
        });
      return next(args);
    });
    const late = await checkFreshness({ ...clients, glue }, listOf(blocked, fine), LONG_DUE);
    deepEqual(
      late.map(({ dataset: { name }, reason }) => [name, reason]),
      [
        [
          blocked.name,
          "it could not be looked for: AccessDeniedException: not authorized to perform: glue:GetPartition",
        ],
      ],
    );
  });

  it("fails where nobody can be told", async () => {
    const features = await dataset();
    const list = { ...listOf(features), topicArn: `${topicArn}-gone` };
    await rejects(checkFreshness(clients, list, DUE), /NotFound/);
  });

  it("finds a day among keys that it does not know, whatever their types", async () => {
    const keys = [
      enumKey("area", { values: ["tokyo", "osaka"] }),
      dateKey("year", { ...tokyo, format: "yyyy", type: "int" }),
      dateKey("month", { ...tokyo, format: "MM", type: "int" }),
      dateKey("day", { ...tokyo, format: "dd" }),
      integerKey("shard"),
    ];
    equal(expressionOf(keys, { year: "2040", month: "02", day: "29" }), "year = 2040 AND month = 2 AND day = '29'");
    const features = await dataset({ keys });
    await register(features, "osaka", "2040", "02", "28", "7");
    deepEqual((await look(DUE, features)).late.length, 1);
    await register(features, "osaka", "2040", "02", "29", "7");
    deepEqual((await look(DUE, features)).late, []);
  });

  it("looks for data where Athena computes the partitions, and not for empty or hidden files", async () => {
    const features = await dataset({ projected: true });
    await register(features, "2040-02-29");
    await put(features, "day=2040-02-28/partition.csv");
    await put(features, "day=2040-02-29/", "");
    await put(features, "day=2040-02-29/_SUCCESS");
    await put(features, "day=2040-02-29/_temporary/0/partition.csv");
    deepEqual((await look(DUE, features)).late.length, 1);
    await put(features, "day=2040-02-29/partition.csv");
    deepEqual((await look(DUE, features)).late, []);
  });

  it("looks into every folder above the day, and below it into any", async () => {
    const keys = [enumKey("area", { values: ["tokyo", "osaka"] }), ...oneDay, integerKey("shard")];
    const features = await dataset({ keys, projected: true });
    await put(features, "area=osaka/day=2040-02-28/shard=1/partition.csv");
    await put(features, "area=tokyo/day=2040-02-28/shard=1/partition.csv");
    deepEqual((await look(DUE, features)).late.length, 1);
    await put(features, "area=tokyo/day=2040-02-29/shard=7/partition.csv");
    deepEqual((await look(DUE, features)).late, []);
  });
});
