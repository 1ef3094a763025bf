import * as events from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { unlessGone } from "./clients";
import { row } from "./row";

const ruleInputs = z.strictObject({
  name: z.string().optional(),
  description: z.string().max(512).optional(),
  eventBusName: z.literal("default").optional(),
  eventPattern: z.string().optional(),
  scheduleExpression: z.string().optional(),
  state: z.enum(events.RuleState).optional(),
  forceDestroy: z.boolean().optional(),
});

const rule = row({
  type: "aws:cloudwatch/eventRule:EventRule",
  inputs: ruleInputs,
  defaults: { eventBusName: "default", forceDestroy: false },
  autoname: "name",
  documents: ["eventPattern"],
  replaces: ["name", "eventBusName"],
  computed: ["arn", "state"],
  problems: ({ eventPattern, scheduleExpression }) =>
    eventPattern === undefined && scheduleExpression === undefined
      ? ["a rule takes an eventPattern or a scheduleExpression"]
      : [],
  create: async (aws, inputs) => {
    await aws.events.send(new events.PutRuleCommand(ruleRequest(inputs)));
    return inputs.name ?? "";
  },
  read: async (aws, id) => {
    const found = await unlessGone(aws.events.send(new events.DescribeRuleCommand({ Name: id })));
    return (
      found && {
        name: found.Name,
        description: found.Description || undefined,
        eventBusName: found.EventBusName,
        eventPattern: found.EventPattern || undefined,
        scheduleExpression: found.ScheduleExpression || undefined,
        state: found.State,
        arn: found.Arn,
      }
    );
  },
  update: (aws, { inputs }) => aws.events.send(new events.PutRuleCommand(ruleRequest(inputs))),
  remove: (aws, id) => unlessGone(aws.events.send(new events.DeleteRuleCommand({ Name: id }))),
});

function ruleRequest(inputs: z.infer<typeof ruleInputs>): events.PutRuleCommandInput {
  return {
    Name: inputs.name,
    Description: inputs.description,
    EventPattern: inputs.eventPattern,
    ScheduleExpression: inputs.scheduleExpression,
    State: inputs.state ?? "ENABLED",
  };
}

const targetInputs = z.strictObject({
  rule: z.string(),
  targetId: z.string().optional(),
  eventBusName: z.literal("default").optional(),
  arn: z.string(),
  inputTransformer: z
    .strictObject({ inputPaths: z.record(z.string(), z.string()).optional(), inputTemplate: z.string().max(8192) })
    .optional(),
  deadLetterConfig: z.strictObject({ arn: z.string() }).optional(),
  forceDestroy: z.boolean().optional(),
});

const target = row({
  type: "aws:cloudwatch/eventTarget:EventTarget",
  inputs: targetInputs,
  defaults: { eventBusName: "default", forceDestroy: false },
  autoname: "targetId",
  replaces: ["rule", "targetId", "eventBusName"],
  computed: [],
  create: async (aws, inputs) => {
    await aws.events.send(putTarget(inputs));
    return `${inputs.rule}-${inputs.targetId}`;
  },
  read: async (aws, _id, inputs) => {
    const listed = await unlessGone(aws.events.send(new events.ListTargetsByRuleCommand({ Rule: inputs.rule })));
    const found = listed?.Targets?.find(({ Id }) => Id === inputs.targetId);
    return (
      found && {
        rule: inputs.rule,
        targetId: found.Id,
        arn: found.Arn,
        inputTransformer: found.InputTransformer && {
          inputPaths: found.InputTransformer.InputPathsMap,
          inputTemplate: found.InputTransformer.InputTemplate,
        },
        deadLetterConfig: found.DeadLetterConfig && { arn: found.DeadLetterConfig.Arn },
      }
    );
  },
  update: (aws, { inputs }) => aws.events.send(putTarget(inputs)),
  remove: (aws, _id, { rule: Rule, targetId = "" }) =>
    unlessGone(aws.events.send(new events.RemoveTargetsCommand({ Rule, Ids: [targetId] }))),
});

function putTarget(inputs: z.infer<typeof targetInputs>): events.PutTargetsCommand {
  const transformer = inputs.inputTransformer;
  return new events.PutTargetsCommand({
    Rule: inputs.rule,
    Targets: [
      {
        Id: inputs.targetId,
        Arn: inputs.arn,
        InputTransformer: transformer && {
          InputPathsMap: transformer.inputPaths,
          InputTemplate: transformer.inputTemplate,
        },
        DeadLetterConfig: inputs.deadLetterConfig && { Arn: inputs.deadLetterConfig.arn },
      },
    ],
  });
}

export const rows = [rule, target];
