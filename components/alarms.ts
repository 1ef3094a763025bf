import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../contract/names";
import { operateCommand, runbookLink } from "../contract/runbook";
import { queuePolicy, topicPolicy } from "./permissions/alarms";

export interface AlarmsArgs {
  readonly names: Names;
  /** Who gets the alarms by e-mail; nobody when absent. AWS asks the address for its consent first. */
  readonly alarmEmail?: string | undefined;
  /** URL or path of the runbook. */
  readonly runbook: string;
}

/** Days that an undelivered event is kept: as long as SQS keeps anything. */
const KEPT_DAYS = 14;

/**
 * Where alarms go, and the alarms that every stack has: a run that failed, an event that was not delivered. Also without
 * any schedule, since a run that somebody started can fail as well.
 *
 * Topic and queue name the stack's key by its alias, which is known at preview.
 */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("partitions:components:Alarms", name, {}, opts);
    const { names, alarmEmail, runbook } = args;
    const child = { parent: this };
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      {
        name: names.alarmTopic.name,
        displayName: `alarms of ${names.base}`,
        kmsMasterKeyId: names.keyAlias,
        policy: JSON.stringify(topicPolicy(names)),
      },
      child,
    );
    if (alarmEmail === undefined)
      void pulumi.log.warn(
        `alarms of stack '${names.stack}' reach nobody; set the address that gets them, ` +
          `pulumi config set alarmEmail <address>, or subscribe to the topic '${names.alarmTopic.name}'`,
        this,
      );
    else
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: names.alarmTopic.arn, protocol: "email", endpoint: alarmEmail },
        { ...child, dependsOn: [topic] },
      );
    const queue = new aws.sqs.Queue(
      `${name}-undelivered`,
      {
        name: names.undelivered.name,
        messageRetentionSeconds: KEPT_DAYS * 24 * 3600,
        kmsMasterKeyId: names.keyAlias,
        policy: JSON.stringify(queuePolicy(names)),
      },
      child,
    );
    const failed = new aws.cloudwatch.EventRule(
      `${name}-failed`,
      {
        name: names.failedRule.name,
        description: `runs of ${names.base} that failed`,
        eventPattern: JSON.stringify(failedRuns(names)),
      },
      child,
    );
    new aws.cloudwatch.EventTarget(
      `${name}-failed-target`,
      {
        rule: names.failedRule.name,
        targetId: "topic",
        arn: names.alarmTopic.arn,
        inputTransformer: failureText(names, runbook),
        deadLetterConfig: { arn: names.undelivered.arn },
      },
      { ...child, dependsOn: [failed, topic, queue] },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-undelivered-alarm`,
      {
        name: names.undeliveredAlarm,
        alarmDescription:
          `An event was not delivered: a run was not started, an alarm not sent, or the checker failed. ` +
          `What it was stands in the queue '${names.undelivered.name}'. What to do: ${runbookLink(runbook, "undelivered")}`,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: names.undelivered.name },
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        evaluationPeriods: 1,
        // A queue that nobody uses reports nothing.
        treatMissingData: "notBreaching",
        alarmActions: [names.alarmTopic.arn],
        okActions: [names.alarmTopic.arn],
      },
      { ...child, dependsOn: [topic] },
    );
    this.registerOutputs({});
  }
}

/** The executions of the stack's pipelines that fail. (SageMaker developer guide, automating-sagemaker-with-eventbridge) */
function failedRuns(names: Names) {
  return {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
    detail: {
      currentPipelineExecutionStatus: ["Failed"],
      pipelineArn: [{ prefix: names.pipelineArn(`${names.base}-`) }],
    },
  };
}

/**
 * The message of a failed run. EventBridge fills names in and can compute nothing: neither the dataset's name nor the
 * day stands in the event, so that the first command shows both. One quoted text a line, as EventBridge wants it.
 */
function failureText(names: Names, runbook: string) {
  const lines = [
    `A run of <pipeline> ended as <status>. Execution: <execution>`,
    `Which step, why and for which day: aws sagemaker list-pipeline-execution-steps --region ${names.region} --pipeline-execution-arn <execution>`,
    `Once the cause is gone, run the day again: ${operateCommand(names, "run DATASET --process-date DAY")}`,
    `What to do: ${runbookLink(runbook, "failed")}`,
  ];
  return {
    inputPaths: {
      pipeline: "$.detail.pipelineArn",
      status: "$.detail.currentPipelineExecutionStatus",
      execution: "$.detail.pipelineExecutionArn",
    },
    inputTemplate: lines.map((line) => JSON.stringify(line)).join("\n"),
  };
}
