import * as cloudWatch from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import { row } from "./row";
import { sized } from "./values";

const inputs = z.strictObject({
  name: z.string().optional(),
  alarmDescription: sized(0, 1024).optional(),
  actionsEnabled: z.boolean().optional(),
  alarmActions: z.array(z.string()).optional(),
  okActions: z.array(z.string()).optional(),
  insufficientDataActions: z.array(z.string()).optional(),
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).optional(),
  statistic: z.enum(cloudWatch.Statistic),
  comparisonOperator: z.enum(cloudWatch.ComparisonOperator),
  threshold: z.number(),
  period: z.number(),
  evaluationPeriods: z.number(),
  datapointsToAlarm: z.number().optional(),
  treatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).optional(),
  unit: z.enum(cloudWatch.StandardUnit).optional(),
});

const alarm = row({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  inputs,
  defaults: { actionsEnabled: true, treatMissingData: "missing" },
  autoname: "name",
  replaces: ["name"],
  computed: ["arn", "evaluateLowSampleCountPercentiles"],
  create: async (aws, wanted) => {
    await aws.cloudWatch.send(put(wanted));
    return wanted.name ?? "";
  },
  read: async (aws, id) => {
    const listed = await aws.cloudWatch.send(new cloudWatch.DescribeAlarmsCommand({ AlarmNames: [id] }));
    const [found] = listed.MetricAlarms ?? [];
    return (
      found && {
        name: found.AlarmName,
        alarmDescription: found.AlarmDescription || undefined,
        actionsEnabled: found.ActionsEnabled,
        alarmActions: unlessEmpty(found.AlarmActions),
        okActions: unlessEmpty(found.OKActions),
        insufficientDataActions: unlessEmpty(found.InsufficientDataActions),
        namespace: found.Namespace,
        metricName: found.MetricName,
        dimensions: Object.fromEntries((found.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value])),
        statistic: found.Statistic,
        comparisonOperator: found.ComparisonOperator,
        threshold: found.Threshold,
        period: found.Period,
        evaluationPeriods: found.EvaluationPeriods,
        datapointsToAlarm: found.DatapointsToAlarm,
        treatMissingData: found.TreatMissingData,
        unit: found.Unit,
        arn: found.AlarmArn,
        evaluateLowSampleCountPercentiles: found.EvaluateLowSampleCountPercentile ?? "",
      }
    );
  },
  update: (aws, { inputs: wanted }) => aws.cloudWatch.send(put(wanted)),
  remove: (aws, id) => aws.cloudWatch.send(new cloudWatch.DeleteAlarmsCommand({ AlarmNames: [id] })),
});

/** Makes an alarm, or another one of it: what is not named goes back to its default. */
function put(wanted: z.infer<typeof inputs>): cloudWatch.PutMetricAlarmCommand {
  return new cloudWatch.PutMetricAlarmCommand({
    AlarmName: wanted.name,
    AlarmDescription: wanted.alarmDescription,
    ActionsEnabled: wanted.actionsEnabled,
    AlarmActions: wanted.alarmActions,
    OKActions: wanted.okActions,
    InsufficientDataActions: wanted.insufficientDataActions,
    Namespace: wanted.namespace,
    MetricName: wanted.metricName,
    Dimensions: Object.entries(wanted.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    Statistic: wanted.statistic,
    ComparisonOperator: wanted.comparisonOperator,
    Threshold: wanted.threshold,
    Period: wanted.period,
    EvaluationPeriods: wanted.evaluationPeriods,
    DatapointsToAlarm: wanted.datapointsToAlarm,
    TreatMissingData: wanted.treatMissingData,
    Unit: wanted.unit,
  });
}

function unlessEmpty(list: string[] | undefined): string[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

export const rows = [alarm];
