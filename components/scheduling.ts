import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dataset } from "../contract/dataset";
import { CHECK_MINUTES, LATE_METRIC, WATCH_FILE, watchedDataset, type WatchList } from "../contract/freshness";
import type { Deployment, Names } from "../contract/names";
import { runbookLink } from "../contract/runbook";
import { SCHEDULED_TIME } from "../contract/schedule";
import { StepFunction } from "./function";
import { checkerPolicy } from "./permissions/functions";
import { schedulerPolicy } from "./permissions/scheduler";
import { trustPolicy } from "./permissions/trust";
import { scheduleOf } from "./schedule";

export interface SchedulingArgs {
  readonly deployment: Deployment;
  readonly names: Names;
  readonly datasets: readonly Dataset[];
  readonly keyArn: pulumi.Input<string>;
  readonly logRetentionDays: number;
  /** URL or path of the runbook. */
  readonly runbook: string;
}

/**
 * What the schedules of a stack share: their group and role, and the checker that looks whether partitions are there in
 * time. Made where at least one dataset has a schedule.
 */
export class Scheduling extends pulumi.ComponentResource {
  constructor(name: string, args: SchedulingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Scheduling", name, {}, opts);
    const { deployment, names, datasets, keyArn, logRetentionDays, runbook } = args;
    const child = { parent: this };
    const group = new aws.scheduler.ScheduleGroup(`${name}-group`, { name: names.scheduleGroup.name }, child);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: names.schedulerRole.name,
        path: names.rolePath,
        permissionsBoundary: names.permissionsBoundaryArn,
        description: `schedules of ${names.base}`,
        // The scheduler names the group as its source, never a schedule (since 2023-09-07; its user guide,
        // cross-service-confused-deputy-prevention).
        assumeRolePolicy: JSON.stringify(trustPolicy(deployment, "scheduler.amazonaws.com", names.scheduleGroup.arn)),
      },
      child,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-permissions`,
      { name: "permissions", role: names.schedulerRole.name, policy: JSON.stringify(schedulerPolicy(names)) },
      { ...child, dependsOn: [role] },
    );
    const checker = new StepFunction(
      "checker",
      {
        ...{ deployment, names, keyArn, logRetentionDays },
        ...{ function: names.checker, role: names.checkerRole, entry: "checker.ts" },
        files: { [WATCH_FILE]: `${JSON.stringify(watchList(names, datasets, runbook))}\n` },
        permissions: checkerPolicy(names, datasets),
        undeliveredTo: names.undelivered.arn,
        ...{ description: "looks whether partitions are there in time", timeoutSeconds: 600, memoryMiB: 512 },
      },
      child,
    );
    new aws.scheduler.Schedule(
      `${name}-checker`,
      scheduleOf(names, {
        keyArn,
        name: names.checkerSchedule,
        description: "looks whether partitions are there in time",
        // At full quarters, where the metric's periods begin.
        ...{ expression: `cron(0/${CHECK_MINUTES} * * * ? *)`, timeZone: "UTC" },
        ...{ targetArn: names.checker.arn, input: JSON.stringify({ time: SCHEDULED_TIME }) },
      }),
      { ...child, dependsOn: [group, permissions, checker] },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-late-alarm`,
      {
        name: names.lateAlarm,
        alarmDescription:
          `A dataset lacks the partition that must be there, or the checker has not looked for half an hour. Which one ` +
          `it is stands in the message before this one, and in the log of '${names.checker.name}'. What to do: ` +
          runbookLink(runbook, "late"),
        namespace: names.metrics,
        metricName: LATE_METRIC,
        dimensions: { Stack: names.base },
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: CHECK_MINUTES * 60,
        evaluationPeriods: 2,
        // A checker that is dead reports nothing.
        treatMissingData: "breaching",
        alarmActions: [names.alarmTopic.arn],
        okActions: [names.alarmTopic.arn],
      },
      child,
    );
    this.registerOutputs({});
  }
}

function watchList(names: Names, datasets: readonly Dataset[], runbook: string): WatchList {
  const { project, stack, base, database, bucket, metrics } = names;
  return {
    ...{ project, stack, base, database, bucket, metrics, runbook },
    scheduleGroup: names.scheduleGroup.name,
    topicArn: names.alarmTopic.arn,
    datasets: datasets.flatMap(
      (dataset) => watchedDataset(dataset, bucket, names.dataset(dataset.name).schedule(0)) ?? [],
    ),
  };
}
