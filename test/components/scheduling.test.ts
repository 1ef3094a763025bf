import { deepEqual, equal, match, ok } from "node:assert/strict";
import { pipelinePlan } from "../../components/pipelinePlan";
import { datasetSchedules } from "../../components/schedule";
import { Scheduling } from "../../components/scheduling";
import { defineDataset, type Dataset } from "../../contract/dataset";
import type { WatchList } from "../../contract/freshness";
import { projection } from "../../contract/registration";
import { dailyAt, lastDays } from "../../contract/schedule";
import { features } from "../../datasets/features/dataset";
import { kept, list, names, part, partsOf, stack, stackIn, statements, type Part } from "./component";

const SCHEDULER_ROLE = "arn:aws:iam::123456789012:role/partitions-test/partitions-test-scheduler";
const QUEUE = "arn:aws:sqs:ap-northeast-1:123456789012:partitions-test-undelivered";
const CHECKER = "arn:aws:lambda:ap-northeast-1:123456789012:function:partitions-test-checker";

const make = (datasets: readonly Dataset[], within = stack) =>
  partsOf(
    (opts) =>
      new Scheduling(
        "schedules",
        { ...within, datasets, keyArn: "key-arn", logRetentionDays: 400, runbook: "docs/runbook.md" },
        opts,
      ),
  );
const schedulesOf = (dataset: Dataset) =>
  partsOf((opts) => datasetSchedules("features", { names, dataset, keyArn: "key-arn" }, opts));

async function watchListOf(parts: readonly Part[]): Promise<WatchList> {
  const { assets } = part(parts, "checker-function").inputs.code as {
    assets: Promise<Record<string, { text: Promise<string> }>>;
  };
  return JSON.parse((await (await assets)["watch.json"]?.text) ?? "") as WatchList;
}

describe("the schedule of a dataset", () => {
  it("starts its pipeline every day, by the clocks of its zone, for the day that is declared", async () => {
    const [schedule, ...more] = await schedulesOf(features);
    equal(more.length, 0);
    deepEqual(schedule?.inputs, {
      name: "partitions-test-features",
      groupName: "partitions-test",
      description: "runs partitions-test-features for its day -1",
      scheduleExpression: "cron(30 2 * * ? *)",
      scheduleExpressionTimezone: "Asia/Tokyo",
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: "key-arn",
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution",
        roleArn: SCHEDULER_ROLE,
        input: JSON.stringify({
          PipelineName: "partitions-test-features",
          PipelineParameters: [
            { Name: "ScheduledTime", Value: "<aws.scheduler.scheduled-time>" },
            { Name: "DayOffset", Value: "-1" },
          ],
        }),
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 185 },
        deadLetterConfig: { arn: QUEUE },
      },
    });
  });

  it("gives the pipeline no parameter that it does not have", () => {
    const compute = { instanceType: "ml.t3.medium", instanceCount: 1, volumeSizeGiB: 30, maxRuntimeSeconds: 3600 };
    const text = pipelinePlan({ names, dataset: features, compute }).definition({ imageUri: "i", kmsKeyArn: "k" });
    const { Parameters } = JSON.parse(text) as { Parameters: { Name: string; DefaultValue: string }[] };
    deepEqual(
      Parameters.map(({ Name, DefaultValue }) => [Name, DefaultValue]),
      [
        ["ProcessDate", "auto"],
        ["ScheduledTime", "auto"],
        ["DayOffset", "0"],
      ],
    );
  });

  it("is one for each day that runs again", async () => {
    const schedule = dailyAt("02:30", "Asia/Tokyo", { dayOffset: -1, reprocess: lastDays(3) });
    const made = await schedulesOf({ ...features, schedule });
    const offsetOf = (target: unknown) =>
      /"DayOffset","Value":"([^"]+)"/.exec((target as { readonly input: string }).input)?.[1];
    deepEqual(
      made.map(({ name, inputs }) => [name, inputs.name, offsetOf(inputs.target)]),
      [
        ["features-schedule", "partitions-test-features", "-1"],
        ["features-schedule-back1", "partitions-test-features.back1", "-2"],
        ["features-schedule-back2", "partitions-test-features.back2", "-3"],
      ],
    );
  });

  it("is none where none is declared", async () => {
    const { schedule, ...without } = features;
    ok(schedule);
    deepEqual(await schedulesOf(without), []);
  });
});

describe("what the schedules of a stack share", () => {
  let parts: Part[];
  before(async () => {
    parts = await make([features]);
  });

  it("is a group, a role, and a checker with its schedule and its alarm", () => {
    deepEqual(
      parts.map(({ name, type }) => [name, type]),
      [
        ["checker-function", "aws:lambda/function:Function"],
        ["checker-logs", "aws:cloudwatch/logGroup:LogGroup"],
        ["checker-permissions", "aws:iam/rolePolicy:RolePolicy"],
        ["checker-role", "aws:iam/role:Role"],
        ["schedules-checker", "aws:scheduler/schedule:Schedule"],
        ["schedules-group", "aws:scheduler/scheduleGroup:ScheduleGroup"],
        ["schedules-late-alarm", "aws:cloudwatch/metricAlarm:MetricAlarm"],
        ["schedules-permissions", "aws:iam/rolePolicy:RolePolicy"],
        ["schedules-role", "aws:iam/role:Role"],
      ],
    );
    for (const keeps of Object.values(kept(parts))) equal(keeps, false);
  });

  it("is assumed for the schedules of the group, which is what the scheduler names", () => {
    const { Assume: assume } = statements(part(parts, "schedules-role").inputs.assumeRolePolicy);
    deepEqual(assume?.Principal, { Service: "scheduler.amazonaws.com" });
    deepEqual(assume?.Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:scheduler:ap-northeast-1:123456789012:schedule-group/partitions-test" },
    });
    equal(part(parts, "schedules-group").inputs.name, "partitions-test");
  });

  it("may start this stack's pipelines and call its checker, and passes no role", () => {
    const policy = statements(part(parts, "schedules-permissions").inputs.policy);
    deepEqual(policy.StartPipelines?.Action, "sagemaker:StartPipelineExecution");
    deepEqual(list(policy.StartPipelines?.Resource), [
      "arn:aws:sagemaker:ap-northeast-1:123456789012:pipeline/partitions-test-*",
    ]);
    deepEqual(list(policy.CallChecker?.Resource), [CHECKER]);
    deepEqual(list(policy.LeaveUndelivered?.Resource), [QUEUE]);
    const actions = Object.values(policy).flatMap(({ Action }) => list(Action));
    deepEqual(
      actions.filter((action) => /\*|^iam:/.test(action)),
      [],
    );
  });

  it("looks every quarter of an hour, at the full one, for the instant of the firing", () => {
    const { scheduleExpression, target } = part(parts, "schedules-checker").inputs;
    equal(scheduleExpression, "cron(0/15 * * * ? *)");
    const { arn, input } = target as { arn: string; input: string };
    deepEqual([arn, JSON.parse(input)], [CHECKER, { time: "<aws.scheduler.scheduled-time>" }]);
    deepEqual(part(parts, "checker-function").inputs.deadLetterConfig, { targetArn: QUEUE });
  });

  it("takes a checker that says nothing for an alarm", () => {
    const alarm = part(parts, "schedules-late-alarm").inputs;
    deepEqual(
      [alarm.namespace, alarm.metricName, alarm.dimensions, alarm.period, alarm.treatMissingData],
      ["partitions", "LateDatasets", { Stack: "partitions-test" }, 900, "breaching"],
    );
    deepEqual(alarm.alarmActions, [names.alarmTopic.arn]);
    match(String(alarm.alarmDescription), /docs\/runbook\.md#a-partition-is-late$/);
    ok(String(alarm.alarmDescription).length <= 1024);
  });

  it("tells the checker what to look for, however many datasets there are", async () => {
    const { datasets, ...place } = await watchListOf(parts);
    deepEqual(place, {
      ...{ project: "partitions", stack: "test", base: "partitions-test" },
      ...{ database: "partitions_test", bucket: "my-team-partitions-test-data", metrics: "partitions" },
      ...{ runbook: "docs/runbook.md", scheduleGroup: "partitions-test", topicArn: names.alarmTopic.arn },
    });
    deepEqual(datasets, [
      {
        ...{ name: "features", table: "features", scheduleName: "partitions-test-features" },
        schedule: { at: "02:30", timeZone: "Asia/Tokyo", dayOffset: -1, dueBy: "04:00" },
        partitionKeys: features.partitionKeys,
      },
    ]);
    const many = Array.from({ length: 300 }, (_, index) => {
      const name = `features_${index}`;
      return defineDataset({ ...features, name, prefix: name });
    });
    equal((await watchListOf(await make(many))).datasets.length, 300);
  });

  it("lets the checker look and tell, and change nothing", () => {
    const policy = statements(part(parts, "checker-permissions").inputs.policy);
    const actions = Object.values(policy).flatMap(({ Action }) => list(Action));
    deepEqual(actions.sort(), [
      "cloudwatch:PutMetricData",
      "glue:GetPartition",
      "glue:GetPartitions",
      "kms:Decrypt",
      "kms:Decrypt",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:ListBucket",
      "scheduler:GetSchedule",
      "sns:Publish",
      "sqs:SendMessage",
    ]);
    deepEqual(policy.CountLate?.Condition, { StringEquals: { "cloudwatch:namespace": "partitions" } });
    deepEqual(list(policy.ReadSchedules?.Resource), [
      "arn:aws:scheduler:ap-northeast-1:123456789012:schedule/partitions-test/*",
    ]);
  });

  it("sees of somebody else's bucket and database only what it looks for", async () => {
    const within = stackIn({ existingBucket: "team-data", existingDatabase: "team_lake" });
    const policyOf = async (dataset: Dataset) =>
      statements(part(await make([dataset], within), "checker-permissions").inputs.policy);
    const registered = await policyOf(features);
    equal(registered.ListOutput, undefined);
    ok(list(registered.LookForPartitions?.Resource).some((arn) => arn.endsWith(":table/team_lake/features")));
    const registration = projection({ process_date_jst: { from: "2021-12-01" } });
    const projected = await policyOf({ ...features, registration });
    deepEqual(projected.ListOutput?.Condition, { StringLike: { "s3:prefix": ["features/output/*"] } });
  });
});
