import { equal } from "node:assert/strict";
import { queuePolicy, topicPolicy } from "../../components/permissions/alarms";
import { checkerPolicy } from "../../components/permissions/functions";
import { keyPolicy } from "../../components/permissions/key";
import { schedulerPolicy } from "../../components/permissions/scheduler";
import { trustPolicy } from "../../components/permissions/trust";
import { features } from "../../datasets/features/dataset";
import { allows, type Call, type Policies } from "../support/iam";
import { ACCOUNT, REGION } from "../support/mocks";
import { deployment, names } from "./component";

const OTHER = "999999999999";
const CLOUDWATCH = "cloudwatch.amazonaws.com";
const EVENTS = "events.amazonaws.com";
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const topic: Policies = { resource: topicPolicy(names) };
const queue: Policies = { resource: queuePolicy(names) };
const key: Policies = { resource: keyPolicy(names, []) };
const identity = (policy: Policies["identity"], resource?: Policies["resource"]): Policies => ({
  ...(policy === undefined ? {} : { identity: policy }),
  ...(resource === undefined ? {} : { resource }),
});
const scheduler = schedulerPolicy(names);
const checker = checkerPolicy(names, [features]);

const alarm = (account = ACCOUNT, name = "partitions-test-late") => ({
  "aws:SourceAccount": account,
  "aws:SourceArn": `arn:aws:cloudwatch:${REGION}:${account}:alarm:${name}`,
});
const publish = (principal: string, context: Call["context"] = {}): Call => ({
  ...{ principal, action: "sns:Publish", resource: names.alarmTopic.arn, context },
});
const encrypt = (principal: string, context: Call["context"] = {}, action = "kms:GenerateDataKey"): Call => ({
  ...{ principal, action, resource: KEY, context },
});
const leave = (principal: string, context: Call["context"] = {}): Call => ({
  ...{ principal, action: "sqs:SendMessage", resource: names.undelivered.arn, context },
});
const schedulerRole = `arn:aws:sts::${ACCOUNT}:assumed-role/partitions-test-scheduler/session`;
const checkerRole = `arn:aws:sts::${ACCOUNT}:assumed-role/partitions-test-checker/session`;
const byAlias = { "kms:ResourceAliases": ["alias/partitions-test-data"] };
const through = (service: string) => ({ ...byAlias, "kms:ViaService": `${service}.${REGION}.amazonaws.com` });
const ofSchedule = (group: string) => ({
  ...byAlias,
  "kms:EncryptionContext:aws:scheduler:schedule:arn": `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/x`,
});
const start = (pipeline: string): Call => ({
  ...{ principal: schedulerRole, action: "sagemaker:StartPipelineExecution" },
  resource: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:pipeline/${pipeline}`,
});
const look = (table: string): Call => ({
  ...{ principal: checkerRole, action: "glue:GetPartition" },
  resource: `arn:aws:glue:${REGION}:${ACCOUNT}:table/${table}`,
});
const assume = (arn: string, account = ACCOUNT): Call => ({
  ...{ principal: "scheduler.amazonaws.com", action: "sts:AssumeRole", resource: names.schedulerRole.arn },
  context: { "aws:SourceAccount": account, "aws:SourceArn": arn },
});
const trust = { resource: trustPolicy(deployment, "scheduler.amazonaws.com", names.scheduleGroup.arn) };
const group = (name: string) => `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/${name}`;

/*
 * By a simulator. What it cannot tell is which context the services really send; for EventBridge, which sends none to an
 * encrypted topic, AWS documents it.
 */
describe("an alarm's way to the topic, by IAM's rules", () => {
  const cases: [title: string, allowed: boolean, policies: Policies, call: Call][] = [
    ["CloudWatch publishes an alarm of this stack", true, topic, publish(CLOUDWATCH, alarm())],
    ["CloudWatch encrypts it", true, key, encrypt(CLOUDWATCH, alarm())],
    ["CloudWatch decrypts the data key", true, key, encrypt(CLOUDWATCH, alarm(), "kms:Decrypt")],
    ["another account's alarm is not published", false, topic, publish(CLOUDWATCH, alarm(OTHER))],
    ["another account's alarm is not encrypted", false, key, encrypt(CLOUDWATCH, alarm(OTHER))],
    [
      "another stack's alarm is not published",
      false,
      topic,
      publish(CLOUDWATCH, alarm(ACCOUNT, "partitions-prod-late")),
    ],
    ["EventBridge publishes, with nothing sent along", true, topic, publish(EVENTS)],
    ["EventBridge encrypts, with nothing sent along", true, key, encrypt(EVENTS)],
    ["EventBridge decrypts the data key", true, key, encrypt(EVENTS, {}, "kms:Decrypt")],
    ["the checker publishes by its role", true, identity(checker, topic.resource), publish(checkerRole)],
    ["the checker encrypts through SNS", true, identity(checker, key.resource), encrypt(checkerRole, through("sns"))],
    ["the checker encrypts nothing by itself", false, identity(checker, key.resource), encrypt(checkerRole, byAlias)],
    ["a service that has no part in it does not publish", false, topic, publish("s3.amazonaws.com")],
    ["a service that has no part in it does not encrypt", false, key, encrypt("s3.amazonaws.com")],
    ["another account's role does not publish", false, topic, publish(`arn:aws:iam::${OTHER}:role/x`)],
    ["nothing travels without TLS", false, topic, publish(CLOUDWATCH, { ...alarm(), "aws:SecureTransport": "false" })],
    [
      "the rule of failed runs leaves what it cannot publish",
      true,
      queue,
      leave(EVENTS, { "aws:SourceArn": names.failedRule.arn }),
    ],
    [
      "another rule leaves nothing",
      false,
      queue,
      leave(EVENTS, { "aws:SourceArn": `arn:aws:events:${REGION}:${ACCOUNT}:rule/other` }),
    ],
    ["the scheduler leaves what it cannot start", true, identity(scheduler, queue.resource), leave(schedulerRole)],
    [
      "the scheduler encrypts it through SQS",
      true,
      identity(scheduler, key.resource),
      encrypt(schedulerRole, through("sqs")),
    ],
    ["the checker's failed calls are left", true, identity(checker, queue.resource), leave(checkerRole)],
  ];
  for (const [title, allowed, policies, call] of cases)
    it(title, async () => {
      equal(await allows(policies, call), allowed);
    });
});

describe("what schedules and the checker reach, by IAM's rules", () => {
  const cases: [title: string, allowed: boolean, policies: Policies, call: Call][] = [
    ["the scheduler takes its role for this stack's group", true, trust, assume(group("partitions-test"))],
    ["not for another group", false, trust, assume(group("partitions-prod"))],
    ["not for a schedule, which it never names", false, trust, assume(names.scheduleArn("partitions-test-features"))],
    ["not for another account", false, trust, assume(group("partitions-test"), OTHER)],
    ["a schedule starts a pipeline of the stack", true, { identity: scheduler }, start("partitions-test-features")],
    ["not one of another stack", false, { identity: scheduler }, start("partitions-prod-features")],
    [
      "a schedule is decrypted by its role",
      true,
      identity(scheduler, key.resource),
      encrypt(schedulerRole, ofSchedule("partitions-test"), "kms:Decrypt"),
    ],
    [
      "not one of another group",
      false,
      identity(scheduler, key.resource),
      encrypt(schedulerRole, ofSchedule("partitions-prod"), "kms:Decrypt"),
    ],
    ["data is not", false, identity(scheduler, key.resource), encrypt(schedulerRole, through("s3"), "kms:Decrypt")],
    ["the checker sees the stack's partitions", true, { identity: checker }, look("partitions_test/features")],
    ["not another database's", false, { identity: checker }, look("partitions_prod/features")],
  ];
  for (const [title, allowed, policies, call] of cases)
    it(title, async () => {
      equal(await allows(policies, call), allowed);
    });
});
