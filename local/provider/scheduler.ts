import * as scheduler from "@aws-sdk/client-scheduler";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";

const group = row({
  type: "aws:scheduler/scheduleGroup:ScheduleGroup",
  inputs: z.strictObject({ name: z.string().optional() }),
  autoname: "name",
  replaces: ["name"],
  computed: ["arn", "creationDate", "lastModificationDate", "state"],
  create: async (aws, { name = "" }) => {
    await aws.scheduler.send(new scheduler.CreateScheduleGroupCommand({ Name: name }));
    return name;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.scheduler.send(new scheduler.GetScheduleGroupCommand({ Name: id })));
    return (
      found && {
        name: found.Name,
        arn: found.Arn,
        creationDate: found.CreationDate?.toISOString(),
        lastModificationDate: found.LastModificationDate?.toISOString(),
        state: found.State,
      }
    );
  },
  remove: (aws, id) => unlessGone(aws.scheduler.send(new scheduler.DeleteScheduleGroupCommand({ Name: id }))),
});

const inputs = z.strictObject({
  name: z.string().optional(),
  groupName: z.string().optional(),
  description: z.string().optional(),
  scheduleExpression: z.string().regex(/^(at|cron|rate)\(.+\)$/, "must be at(…), cron(…) or rate(…)"),
  scheduleExpressionTimezone: z.string().optional(),
  state: z.enum(scheduler.ScheduleState).optional(),
  flexibleTimeWindow: z.strictObject({
    mode: z.enum(scheduler.FlexibleTimeWindowMode),
    maximumWindowInMinutes: z.number().optional(),
  }),
  kmsKeyArn: z.string().optional(),
  target: z.strictObject({
    arn: z.string(),
    roleArn: z.string(),
    input: z.string().optional(),
    deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
    retryPolicy: z
      .strictObject({
        maximumEventAgeInSeconds: z.number().min(60).max(86_400).optional(),
        maximumRetryAttempts: z.number().min(0).max(185).optional(),
      })
      .optional(),
  }),
});
type Inputs = z.infer<typeof inputs>;

const schedule = row({
  type: "aws:scheduler/schedule:Schedule",
  inputs,
  defaults: { groupName: "default", scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  autoname: "name",
  replaces: ["name", "groupName"],
  computed: ["arn"],
  create: async (aws, wanted) => {
    await aws.scheduler.send(new scheduler.CreateScheduleCommand(requestOf(wanted)));
    return `${wanted.groupName}/${wanted.name}`;
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.scheduler.send(new scheduler.GetScheduleCommand(placeOf(id))));
    const target = found?.Target;
    return (
      found && {
        name: found.Name,
        groupName: found.GroupName,
        description: found.Description || undefined,
        scheduleExpression: found.ScheduleExpression,
        scheduleExpressionTimezone: found.ScheduleExpressionTimezone,
        state: found.State,
        flexibleTimeWindow: {
          mode: found.FlexibleTimeWindow?.Mode,
          maximumWindowInMinutes: found.FlexibleTimeWindow?.MaximumWindowInMinutes,
        },
        kmsKeyArn: found.KmsKeyArn || undefined,
        target: target && {
          arn: target.Arn,
          roleArn: target.RoleArn,
          input: target.Input,
          deadLetterConfig: target.DeadLetterConfig && { arn: target.DeadLetterConfig.Arn },
          retryPolicy: target.RetryPolicy && {
            maximumEventAgeInSeconds: target.RetryPolicy.MaximumEventAgeInSeconds,
            maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts,
          },
        },
        arn: found.Arn,
      }
    );
  },
  // An update takes away what it does not name.
  update: (aws, { inputs: wanted }) => aws.scheduler.send(new scheduler.UpdateScheduleCommand(requestOf(wanted))),
  remove: (aws, id) => unlessGone(aws.scheduler.send(new scheduler.DeleteScheduleCommand(placeOf(id)))),
});

/** The id of the real provider; neither name can hold a slash. */
function placeOf(id: string) {
  const [GroupName = "", Name = ""] = id.split("/");
  return { GroupName, Name };
}

function requestOf(wanted: Inputs): scheduler.CreateScheduleCommandInput {
  const { target } = wanted;
  return {
    Name: wanted.name,
    GroupName: wanted.groupName,
    Description: wanted.description,
    ScheduleExpression: wanted.scheduleExpression,
    ScheduleExpressionTimezone: wanted.scheduleExpressionTimezone,
    State: wanted.state,
    FlexibleTimeWindow: {
      Mode: wanted.flexibleTimeWindow.mode,
      MaximumWindowInMinutes: wanted.flexibleTimeWindow.maximumWindowInMinutes,
    },
    KmsKeyArn: wanted.kmsKeyArn,
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: target.input,
      DeadLetterConfig: target.deadLetterConfig && { Arn: target.deadLetterConfig.arn },
      RetryPolicy: target.retryPolicy && {
        MaximumEventAgeInSeconds: target.retryPolicy.maximumEventAgeInSeconds,
        MaximumRetryAttempts: target.retryPolicy.maximumRetryAttempts,
      },
    },
  };
}

export const rows = [group, schedule];
