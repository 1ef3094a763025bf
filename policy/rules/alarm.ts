import type { ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { ALARM, COMPOSITE_ALARM, EVENT_TARGET, QUEUE, SUBSCRIPTION, TOPIC } from "../kinds";
import {
  eachOf,
  inTurn,
  isGiven,
  known,
  onAny,
  onResource,
  resourcesOf,
  type Found,
  type Placed,
  type Report,
} from "../resources";
import { PRODUCTION } from "../rule";
import { keyOf, missingFor, namedIn } from "../stackKeys";

const ALARMS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html";
const ENCRYPTED_TOPICS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html";

interface Alarm {
  readonly actionsEnabled?: boolean | undefined;
  readonly alarmActions?: readonly unknown[] | undefined;
}

const checkActions = (alarm: Alarm, { name }: Found<unknown>, report: Report): void =>
  inTurn(
    () => {
      if (alarm.actionsEnabled === false) report(`alarm '${name}': actionsEnabled is false, expected true`);
    },
    () => {
      // An unknown list is no empty one.
      const count = isGiven(() => alarm.alarmActions) ? known(() => alarm.alarmActions?.length) : 0;
      if (count === 0) report(`alarm '${name}': 0 actions, expected at least 1, such as the ARN of a topic`);
    },
  );

export const alarmActs: ResourceValidationPolicy = {
  name: "aws-cloudwatch-alarm-have-action",
  description: "Every alarm does something when it goes off.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set alarmActions to the ARN of a topic, and leave actionsEnabled on.",
  url: ALARMS,
  tags: ["SecurityHub CloudWatch.15", "SecurityHub CloudWatch.17", "cdk-nag CloudWatchAlarmAction", "CKV_AWS_319"],
  validateResource: onAny(onResource(ALARM, checkActions), onResource(COMPOSITE_ALARM, checkActions)),
};

/** The topics that alarms of the stack send to, with the alarm. */
function eachAlarmedTopic(
  args: StackValidationArgs,
  check: (alarm: Placed<Alarm>, topic: Placed<object>) => void,
): void {
  const topics = resourcesOf(args, TOPIC);
  eachOf(resourcesOf<Alarm>(args, ALARM, COMPOSITE_ALARM), (alarm) =>
    eachOf(
      namedIn(alarm, "alarmActions", () => alarm.props.alarmActions, topics),
      (topic) => check(alarm, topic),
    ),
  );
}

export const topicSubscribed: StackValidationPolicy = {
  name: "aws-sns-topic-have-subscriber",
  description: "A topic that alarms are sent to has a subscription.",
  // A subscription can be made outside of the stack, and a stack for trials need not wake anybody.
  enforcementLevel: "disabled",
  severity: "high",
  remediationSteps: "Add an aws.sns.TopicSubscription for the people or the tool that gets alarms.",
  url: ALARMS,
  tags: [PRODUCTION],
  validateStack: (args, report) => {
    const said = new Set<string>();
    eachAlarmedTopic(args, (alarm, topic) => {
      if (said.has(topic.urn) || partsOf(resourcesOf(args, SUBSCRIPTION), "topic", topic).length > 0) return;
      said.add(topic.urn);
      report(
        `topic '${topic.name}': 0 subscriptions, expected at least 1: alarm '${alarm.name}' reaches nobody`,
        topic.urn,
      );
    });
  },
};

/** The account of an alarm: that of the topic, which is of the same stack. */
function accountOf(alarm: Placed<Alarm>, topic: Placed<object>): string | undefined {
  const arn = known(() => (topic.props as { readonly arn?: unknown }).arn);
  const texts = [arn, ...(known(() => alarm.props.alarmActions?.map(String)) ?? [])];
  return texts.flatMap((text) => /^arn:[^:]*:sns:[^:]*:(\d{12}):/.exec(String(text))?.[1] ?? [])[0];
}

const OWNED_BY_AWS = /(^|[:/])alias\/aws\//;

export const alarmReaches: StackValidationPolicy = {
  name: "aws-sns-topic-let-alarms-through",
  description: "The key of an encrypted topic or queue lets the services use it that send there.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Encrypt by a key of this account whose policy allows the service kms:Decrypt and kms:GenerateDataKey*.",
  url: ENCRYPTED_TOPICS,
  validateStack: (args, report) => {
    const said = new Set<string>();
    const check = (what: string, whole: Placed<object>, service: string, sender: string, account?: string) => {
      const props = whole.props as { readonly kmsMasterKeyId?: string };
      const say = (text: string) => {
        if (said.has(whole.urn + service)) return;
        said.add(whole.urn + service);
        report(`${what} '${whole.name}': ${text}: what ${sender} sends is lost`, whole.urn);
      };
      const byAws = () => OWNED_BY_AWS.test(props.kmsMasterKeyId ?? "");
      if (!isGiven(() => props.kmsMasterKeyId)) return;
      const key = keyOf(args, whole, "kmsMasterKeyId");
      if (!key) {
        if (byAws())
          say(`kmsMasterKeyId is '${props.kmsMasterKeyId}', which ${service} may not use, expected an own key`);
        return;
      }
      const missing = missingFor(key, service, account);
      if (missing.length > 0)
        say(`the policy of key '${key.name}' does not allow ${missing.join(" and ")} to ${service}, expected both`);
    };
    inTurn(
      () =>
        eachAlarmedTopic(args, (alarm, topic) =>
          check("topic", topic, "cloudwatch.amazonaws.com", `alarm '${alarm.name}'`, accountOf(alarm, topic)),
        ),
      () => {
        const wholes = [...resourcesOf(args, TOPIC), ...resourcesOf(args, QUEUE)];
        const topics = new Set(resourcesOf(args, TOPIC).map(({ urn }) => urn));
        eachOf(resourcesOf(args, EVENT_TARGET), (target) =>
          inTurn(
            ...[
              () => namedIn(target, "arn", () => [target.props.arn], wholes),
              () => namedIn(target, "deadLetterConfig", () => [target.props.deadLetterConfig?.arn], wholes),
            ].map((find) => () => {
              for (const whole of find())
                check(
                  topics.has(whole.urn) ? "topic" : "queue",
                  whole,
                  "events.amazonaws.com",
                  `target '${target.name}'`,
                );
            }),
          ),
        );
      },
    );
  },
};
