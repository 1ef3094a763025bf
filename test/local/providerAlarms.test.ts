import { DescribeAlarmsCommand, GetDashboardCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeRuleCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { resolveEngine, type Engine } from "../../local/engine";
import { LAPTOP_ACCOUNT } from "../../local/environment";
import { startMoto, type Moto } from "../../local/moto";
import { awsAt, type Aws } from "../../local/provider/clients";
import { openStack, type LaptopStack } from "../../local/stack";

const REGION = "us-east-1";
const FIRST_RUN_MS = 900_000;
const TOPIC = `arn:aws:sns:${REGION}:${LAPTOP_ACCOUNT}:alarms`;
const QUEUE = `arn:aws:sqs:${REGION}:${LAPTOP_ACCOUNT}:undelivered`;
const policyOf = (sid: string) => ({ Version: "2012-10-17", Statement: [{ Sid: sid, Effect: "Deny", Action: "*" }] });

interface Declared {
  readonly group: string;
  readonly at: string;
  readonly text: string;
  readonly days: number;
  readonly threshold: number;
  readonly email: string;
}
const FIRST: Declared = {
  ...{ group: "one", at: "cron(30 2 * * ? *)", text: "first", days: 14, threshold: 0, email: "a@example.com" },
};

/** Every type that alarms and schedules are made of, with each property that the program uses. */
const programOf = (declared: Declared) => () => {
  const topic = new aws.sns.Topic("topic", {
    ...{ name: "alarms", displayName: declared.text, kmsMasterKeyId: "alias/data" },
    policy: JSON.stringify(policyOf(declared.text)),
  });
  const subscription = new aws.sns.TopicSubscription("email", {
    ...{ topic: topic.arn, protocol: "email", endpoint: declared.email },
  });
  const queue = new aws.sqs.Queue("queue", {
    ...{ name: "undelivered", messageRetentionSeconds: declared.days * 86_400, kmsMasterKeyId: "alias/data" },
    policy: JSON.stringify(policyOf(declared.text)),
  });
  const rule = new aws.cloudwatch.EventRule("rule", {
    ...{ name: "failed", description: declared.text, eventPattern: JSON.stringify({ source: [declared.text] }) },
  });
  new aws.cloudwatch.EventTarget("target", {
    ...{ rule: rule.name, targetId: "topic", arn: topic.arn, deadLetterConfig: { arn: queue.arn } },
    inputTransformer: { inputPaths: { status: "$.detail.status" }, inputTemplate: `"${declared.text} <status>"` },
  });
  const alarm = new aws.cloudwatch.MetricAlarm("alarm", {
    ...{ name: "late", alarmDescription: declared.text, namespace: "partitions", metricName: "LateDatasets" },
    ...{ dimensions: { Stack: "a" }, statistic: "Maximum", comparisonOperator: "GreaterThanThreshold" },
    ...{ threshold: declared.threshold, period: 900, evaluationPeriods: 2, treatMissingData: "breaching" },
    ...{ alarmActions: [topic.arn], okActions: [topic.arn] },
  });
  const dashboard = new aws.cloudwatch.Dashboard("dashboard", {
    ...{ dashboardName: declared.group, dashboardBody: JSON.stringify({ start: declared.text, widgets: [] }) },
  });
  const group = new aws.scheduler.ScheduleGroup("group", { name: declared.group });
  const schedule = new aws.scheduler.Schedule("schedule", {
    ...{ name: "daily", groupName: group.name, description: declared.text, scheduleExpression: declared.at },
    ...{ scheduleExpressionTimezone: "Asia/Tokyo", flexibleTimeWindow: { mode: "OFF" } },
    target: {
      ...{ arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution", roleArn: "arn:aws:iam::1:role/r" },
      ...{ input: JSON.stringify({ PipelineName: declared.text }), deadLetterConfig: { arn: queue.arn } },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
    },
  });
  return Promise.resolve({
    ...{ topic: topic.arn, queue: queue.arn, url: queue.url, rule: rule.arn, alarm: alarm.arn, group: group.arn },
    ...{ dashboard: dashboard.dashboardArn, schedule: schedule.arn, subscription: subscription.arn },
  });
};

describe("alarms and schedules of the laptop's provider", function () {
  this.timeout(120_000);
  let engine: Engine;
  let moto: Moto;
  let services: Aws;
  let folder: string;
  let stack: LaptopStack | undefined;

  before(async function () {
    this.timeout(FIRST_RUN_MS);
    engine = await resolveEngine(console.log);
    moto = await startMoto({ region: REGION }, console.log);
    services = awsAt({ endpoint: moto.endpoint, region: REGION, accountId: LAPTOP_ACCOUNT });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "provider-alarms-"));
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: partitions\nruntime: nodejs\n");
  });
  afterEach(() => stack?.close());
  after(async () => {
    await moto?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  });

  const open = async (declared: Declared) =>
    (stack = await openStack({
      ...{ program: programOf(declared), stackName: "laptop", stateDir: path.join(folder, "state"), engine },
      ...{ endpoint: moto.endpoint, region: REGION, projectFile: path.join(folder, "Pulumi.yaml") },
    }));
  const scheduleIn = (GroupName: string) =>
    services.scheduler.send(new GetScheduleCommand({ GroupName, Name: "daily" }));
  const queueAttributes = async () => {
    const { QueueUrl } = await services.sqs.send(new GetQueueUrlCommand({ QueueName: "undelivered" }));
    return (await services.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
  };
  const alarm = async () =>
    (await services.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["late"] }))).MetricAlarms?.[0];
  const target = async () =>
    (await services.events.send(new ListTargetsByRuleCommand({ Rule: "failed" }))).Targets?.[0];

  it("are made as declared, with every output", async () => {
    const opened = await open(FIRST);
    assert.deepEqual(await opened.preview(), { create: 10 });
    const outputs = await opened.up();
    const value = (name: string) => String(outputs[name]?.value);
    assert.equal(value("topic"), TOPIC);
    assert.equal(value("queue"), QUEUE);
    assert.match(value("url"), /\/undelivered$/);
    assert.equal(value("rule"), `arn:aws:events:${REGION}:${LAPTOP_ACCOUNT}:rule/failed`);
    assert.equal(value("alarm"), `arn:aws:cloudwatch:${REGION}:${LAPTOP_ACCOUNT}:alarm:late`);
    assert.equal(value("group"), `arn:aws:scheduler:${REGION}:${LAPTOP_ACCOUNT}:schedule-group/one`);
    assert.equal(value("schedule"), `arn:aws:scheduler:${REGION}:${LAPTOP_ACCOUNT}:schedule/one/daily`);
    assert.equal(value("dashboard"), `arn:aws:cloudwatch::${LAPTOP_ACCOUNT}:dashboard/one`);
    assert.match(value("subscription"), new RegExp(`^${TOPIC}:`));

    const topic = await services.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    assert.equal(topic.Attributes?.KmsMasterKeyId, "alias/data");
    const { MessageRetentionPeriod, KmsMasterKeyId } = (await queueAttributes()) ?? {};
    assert.deepEqual([MessageRetentionPeriod, KmsMasterKeyId], ["1209600", "alias/data"]);
    const { Target, ScheduleExpressionTimezone } = await scheduleIn("one");
    assert.equal(ScheduleExpressionTimezone, "Asia/Tokyo");
    assert.deepEqual(Target?.DeadLetterConfig, { Arn: QUEUE });
    assert.equal((await target())?.InputTransformer?.InputTemplate, '"first <status>"');
    assert.equal((await alarm())?.TreatMissingData, "breaching");
  });

  it("show no change where nothing has changed", async () => {
    const opened = await open(FIRST);
    assert.deepEqual(await opened.preview({ expectNoChanges: true }), { same: 10 });
    assert.deepEqual(await opened.refresh(), { same: 10 });
  });

  it("are seen as they were changed behind the program's back, and put right", async () => {
    const { Target, FlexibleTimeWindow } = await scheduleIn("one");
    await services.scheduler.send(
      new UpdateScheduleCommand({
        ...{ GroupName: "one", Name: "daily", ScheduleExpression: "cron(0 9 * * ? *)", Target, FlexibleTimeWindow },
      }),
    );
    const opened = await open(FIRST);
    assert.deepEqual(await opened.refresh(), { same: 9, update: 1 });
    await opened.up();
    assert.equal((await scheduleIn("one")).ScheduleExpression, FIRST.at);
  });

  it("change in place where AWS changes them", async () => {
    const changed = { ...FIRST, at: "cron(0 3 * * ? *)", text: "second", days: 7, threshold: 2 };
    const opened = await open(changed);
    assert.deepEqual(await opened.preview(), { same: 3, update: 7 });
    await opened.up();
    assert.deepEqual(await opened.preview({ expectNoChanges: true }), { same: 10 });
    const topic = await services.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    assert.equal(topic.Attributes?.DisplayName, "second");
    assert.deepEqual(JSON.parse(topic.Attributes?.Policy ?? ""), policyOf("second"));
    assert.equal((await queueAttributes())?.MessageRetentionPeriod, "604800");
    const rule = await services.events.send(new DescribeRuleCommand({ Name: "failed" }));
    assert.deepEqual([rule.Description, rule.EventPattern], ["second", '{"source":["second"]}']);
    assert.equal((await target())?.InputTransformer?.InputTemplate, '"second <status>"');
    assert.deepEqual([(await alarm())?.Threshold, (await alarm())?.AlarmDescription], [2, "second"]);
    const dashboard = await services.cloudWatch.send(new GetDashboardCommand({ DashboardName: "one" }));
    assert.equal(dashboard.DashboardBody, '{"start":"second","widgets":[]}');
    assert.equal((await scheduleIn("one")).Target?.Input, '{"PipelineName":"second"}');
  });

  it("are replaced where it does not: a schedule of another group, a subscriber with another address", async () => {
    const opened = await open({ ...FIRST, group: "two", email: "b@example.com" });
    assert.equal((await opened.preview())["replace"], 4);
    await opened.up();
    await assert.rejects(scheduleIn("one"), /ResourceNotFound/);
    assert.equal((await scheduleIn("two")).Name, "daily");
    const { Subscriptions } = await services.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    const dashboards = await services.cloudWatch.send(new ListDashboardsCommand({}));
    assert.deepEqual(
      dashboards.DashboardEntries?.map(({ DashboardName }) => DashboardName),
      ["two"],
    );
    assert.deepEqual(
      Subscriptions?.map(({ Endpoint }) => Endpoint),
      ["b@example.com"],
    );
  });

  it("go with the stack", async () => {
    const opened = await open({ ...FIRST, group: "two", email: "b@example.com" });
    await opened.destroy();
    await assert.rejects(scheduleIn("two"), /ResourceNotFound/);
    await assert.rejects(queueAttributes(), /NonExistentQueue|QueueDoesNotExist/i);
    assert.equal(await alarm(), undefined);
    assert.deepEqual(await opened.outputs(), {});
  });

  it("are refused with properties that the laptop does not know", async () => {
    class Declaration extends pulumi.CustomResource {}
    const refuse = async (type: string, inputs: pulumi.Inputs, reason: RegExp) => {
      const opened = await openStack({
        ...{ stackName: "refused", stateDir: path.join(folder, "state"), engine, endpoint: moto.endpoint },
        ...{ region: REGION, projectFile: path.join(folder, "Pulumi.yaml") },
        program: () => {
          new Declaration(type, "refused", inputs);
          return Promise.resolve({});
        },
      });
      await assert.rejects(opened.preview(), reason);
      opened.close();
    };
    await refuse("aws:sqs/queue:Queue", { fifoQueue: true }, /'fifoQueue' of aws:sqs/);
    await refuse("aws:cloudwatch/eventRule:EventRule", { name: "a" }, /eventPattern or a scheduleExpression/);
  });
});
