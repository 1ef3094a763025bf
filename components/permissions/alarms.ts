import type { Names } from "../../contract/names";
import { policyDocument, type PolicyDocument, type Statement } from "./statement";

/*
 * EventBridge sends neither account nor rule along when it publishes to an encrypted topic: a condition on them would
 * drop every message, without a word (SNS developer guide, sns-key-management; EventBridge user guide,
 * eb-troubleshooting). So its statements have none. CloudWatch's have; a queue's may have.
 */
const CLOUDWATCH = "cloudwatch.amazonaws.com";
const EVENTBRIDGE = "events.amazonaws.com";

/** Who may publish to the topic of alarms: this stack's alarms, EventBridge, and whom IAM lets in this account. */
export function topicPolicy(names: Names): PolicyDocument {
  const { arn } = names.alarmTopic;
  return policyDocument([
    tlsOnly(["sns:Publish"], arn),
    {
      Sid: "AlarmsPublish",
      Effect: "Allow",
      Principal: { Service: CLOUDWATCH },
      Action: "sns:Publish",
      Resource: arn,
      Condition: ofAlarms(names),
    },
    {
      Sid: "EventsPublish",
      Effect: "Allow",
      Principal: { Service: EVENTBRIDGE },
      Action: "sns:Publish",
      Resource: arn,
    },
  ]);
}

/** Who may leave undelivered events in the queue: the rule of failed runs; the scheduler and functions by their roles. */
export function queuePolicy(names: Names): PolicyDocument {
  const { arn } = names.undelivered;
  return policyDocument([
    tlsOnly(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn),
    {
      Sid: "EventsLeave",
      Effect: "Allow",
      Principal: { Service: EVENTBRIDGE },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": names.failedRule.arn } },
    },
  ]);
}

/** What the key's policy lets those services do that write to the topic and the queue. */
export function alarmsUseKey(names: Names): Statement[] {
  const use = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" } as const;
  return [
    { Sid: "AlarmsEncrypt", Principal: { Service: CLOUDWATCH }, ...use, Condition: ofAlarms(names) },
    { Sid: "EventsEncrypt", Principal: { Service: EVENTBRIDGE }, ...use },
  ];
}

/** For this stack's alarms: the confused deputy's guard. */
function ofAlarms(names: Names) {
  return {
    StringEquals: { "aws:SourceAccount": names.accountId },
    ArnLike: { "aws:SourceArn": names.alarmArn(`${names.base}-*`) },
  };
}

function tlsOnly(actions: readonly string[], resource: string): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
