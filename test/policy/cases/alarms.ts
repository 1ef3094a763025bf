import {
  ALARM,
  EVENT_TARGET,
  KEY,
  KEY_ALIAS,
  QUEUE,
  QUEUE_POLICY,
  SUBSCRIPTION,
  TOPIC,
  TOPIC_POLICY,
} from "../../../policy/kinds";
import type { Registered } from "../../support/policy";
import { ACCOUNT, casesOf, change, policy, resource, tlsOnly, without, type Case } from "./case";

export const TOPIC_ARN = `arn:aws:sns:ap-northeast-1:${ACCOUNT}:acme-alarms`;
export const QUEUE_ARN = `arn:aws:sqs:ap-northeast-1:${ACCOUNT}:acme-dead`;
const SOURCE = { StringEquals: { "aws:SourceAccount": ACCOUNT } };
const ROOT = {
  Sid: "Account",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: "kms:*",
  Resource: "*",
};
const lets = (service: string, ...actions: string[]) => ({
  ...{
    Sid: "Lets",
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    Resource: "*",
    Condition: SOURCE,
  },
});
const CLOUDWATCH = lets("cloudwatch.amazonaws.com", "kms:Decrypt", "kms:GenerateDataKey*");
const EVENTS = lets("events.amazonaws.com", "kms:Decrypt", "kms:GenerateDataKey*");
const TOPIC_TLS = tlsOnly("sns:Publish", TOPIC_ARN);
const QUEUE_TLS = tlsOnly("sqs:SendMessage", QUEUE_ARN);

/** EventBridge says for whom it sends to a queue, and not to a topic. */
const FROM_EVENTS = {
  ...{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish", Resource: TOPIC_ARN },
};

/** Alarm → topic → alias → key, and a rule whose target is the topic as well. */
export const goodAlarm = () => [
  resource(ALARM, "late", { name: "acme-late", alarmActions: [TOPIC_ARN] }),
  resource(TOPIC, "alarms", {
    name: "acme-alarms",
    kmsMasterKeyId: "alias/acme",
    policy: policy(TOPIC_TLS, FROM_EVENTS),
  }),
  resource(SUBSCRIPTION, "mail", { topic: TOPIC_ARN, protocol: "email", endpoint: "acme@example.com" }),
  resource(QUEUE, "dead", { name: "acme-dead", kmsMasterKeyId: "alias/acme", policy: policy(QUEUE_TLS) }),
  resource(EVENT_TARGET, "failed", { rule: "acme-failed", arn: TOPIC_ARN, deadLetterConfig: { arn: QUEUE_ARN } }),
  resource(
    KEY_ALIAS,
    "alias",
    { name: "alias/acme", targetKeyId: "unknown" },
    { from: { targetKeyId: [[KEY.token, "key"]] } },
  ),
  resource(KEY, "key", { enableKeyRotation: true, policy: policy(ROOT, CLOUDWATCH, EVENTS) }),
];

const alarmKey = (...statements: object[]) => change(goodAlarm, "key", { policy: policy(ROOT, ...statements) });
const everyone = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "sns:Publish", Resource: TOPIC_ARN };
const OPEN = "statement 'Open': allows to '*', expected named principals or a condition";

export const alarmsCases: Case[] = [
  ...casesOf(
    "aws-cloudwatch-alarm-have-action",
    [
      "no actions",
      change(goodAlarm, "late", { alarmActions: undefined }),
      "alarm 'late': 0 actions, expected at least 1, such as the ARN of a topic",
    ],
    [
      "an empty list",
      change(goodAlarm, "late", { alarmActions: [] }),
      "alarm 'late': 0 actions, expected at least 1, such as the ARN of a topic",
    ],
    [
      "actions that are off",
      change(goodAlarm, "late", { actionsEnabled: false }),
      "alarm 'late': actionsEnabled is false, expected true",
    ],
  ),
  ...casesOf("aws-sns-topic-have-subscriber", [
    "no subscription",
    without(goodAlarm, "mail"),
    "topic 'alarms': 0 subscriptions, expected at least 1: alarm 'late' reaches nobody",
  ]),
  ...casesOf(
    "aws-sns-topic-let-alarms-through",
    [
      "the key of AWS",
      change(goodAlarm, "alarms", { kmsMasterKeyId: "alias/aws/sns" }).filter(({ name }) => name !== "failed"),
      "topic 'alarms': kmsMasterKeyId is 'alias/aws/sns', which cloudwatch.amazonaws.com may not use, expected an own key: what alarm 'late' sends is lost",
    ],
    [
      "a key that does not let CloudWatch",
      alarmKey(EVENTS),
      "topic 'alarms': the policy of key 'key' does not allow kms:Decrypt and kms:GenerateDataKey to cloudwatch.amazonaws.com, expected both: what alarm 'late' sends is lost",
    ],
    [
      "a key that lets CloudWatch half",
      alarmKey(EVENTS, lets("cloudwatch.amazonaws.com", "kms:Decrypt")),
      "topic 'alarms': the policy of key 'key' does not allow kms:GenerateDataKey to cloudwatch.amazonaws.com, expected both: what alarm 'late' sends is lost",
    ],
    ...(
      [
        [
          "for another account",
          [{ ...CLOUDWATCH, Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } }],
        ],
        ["by another key's ARN", [{ ...CLOUDWATCH, Resource: "arn:aws:kms:eu-west-1:999999999999:key/other" }]],
        ["and denies it again", [CLOUDWATCH, { ...CLOUDWATCH, Effect: "Deny", Condition: undefined }]],
      ] as const
    ).map(([what, statements]): [string, Registered[], string] => [
      `a key that lets CloudWatch ${what}`,
      alarmKey(EVENTS, ...statements),
      "topic 'alarms': the policy of key 'key' does not allow kms:Decrypt and kms:GenerateDataKey to cloudwatch.amazonaws.com, expected both: what alarm 'late' sends is lost",
    ]),
    [
      "a key that does not let events",
      alarmKey(CLOUDWATCH),
      "topic 'alarms': the policy of key 'key' does not allow kms:Decrypt and kms:GenerateDataKey to events.amazonaws.com, expected both: what target 'failed' sends is lost",
      "queue 'dead': the policy of key 'key' does not allow kms:Decrypt and kms:GenerateDataKey to events.amazonaws.com, expected both: what target 'failed' sends is lost",
    ],
  ),
  ...casesOf("aws-sns-topic-encrypt-by-own-key", [
    "no key",
    change(goodAlarm, "alarms", { kmsMasterKeyId: undefined }),
    "topic 'alarms': kmsMasterKeyId is absent, expected a key of this account",
  ]),
  ...casesOf(
    "aws-sns-topic-policy-name-who-may",
    [
      "everyone",
      change(goodAlarm, "alarms", { policy: policy(TOPIC_TLS, everyone) }),
      `topic 'alarms', policy, ${OPEN}`,
    ],
    ...[
      { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } },
      { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } },
      { IpAddress: { "aws:SourceIp": "::/0" } },
      { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*" } },
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } },
      { StringLike: { "aws:PrincipalOrgID": "o-*" } },
      { StringLike: { "aws:userid": "*:*" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:*:*:*:*" } },
    ].map((Condition): [string, Registered[]] => [
      `everyone under ${JSON.stringify(Condition)}`,
      change(goodAlarm, "alarms", { policy: policy(TOPIC_TLS, { ...everyone, Condition }) }),
    ]),
    [
      "a service that says for whom it sends, for anyone",
      change(goodAlarm, "alarms", {
        policy: policy(TOPIC_TLS, { ...everyone, Principal: { Service: "s3.amazonaws.com" } }),
      }),
      "topic 'alarms', policy, statement 'Open': allows to 's3.amazonaws.com' for any account, expected a condition on aws:SourceAccount or aws:SourceArn",
    ],
    [
      "everyone, in a policy of its own",
      [...goodAlarm(), resource(TOPIC_POLICY, "open", { arn: TOPIC_ARN, policy: policy(everyone) })],
      `topic 'open', policy, ${OPEN}`,
    ],
  ),
  ...casesOf("aws-sns-topic-refuse-plain-http", [
    "no policy",
    change(goodAlarm, "alarms", { policy: undefined }),
    "topic 'alarms': no policy denies sns:Publish when aws:SecureTransport is false, expected one that does",
  ]),
  ...casesOf(
    "aws-sqs-queue-encrypt-messages",
    [
      "no encryption",
      change(goodAlarm, "dead", { kmsMasterKeyId: undefined }),
      "queue 'dead': kmsMasterKeyId is absent and sqsManagedSseEnabled is absent, expected one",
    ],
    [
      "encryption that is off",
      change(goodAlarm, "dead", { kmsMasterKeyId: undefined, sqsManagedSseEnabled: false }),
      "queue 'dead': kmsMasterKeyId is absent and sqsManagedSseEnabled is false, expected one",
    ],
  ),
  ...casesOf(
    "aws-sqs-queue-policy-name-who-may",
    ["everyone", change(goodAlarm, "dead", { policy: policy(QUEUE_TLS, everyone) }), `queue 'dead', policy, ${OPEN}`],
    [
      "everyone, in a policy of its own",
      [
        ...goodAlarm(),
        resource(QUEUE_POLICY, "open", { queueUrl: "https://sqs/1/acme-dead", policy: policy(everyone) }),
      ],
      `queue 'open', policy, ${OPEN}`,
    ],
  ),
  ...casesOf(
    "aws-sqs-queue-refuse-plain-http",
    ...[undefined, policy(tlsOnly("sqs:SendMessage", `${QUEUE_ARN}-other`))].map(
      (document): [string, Registered[], string] => [
        document === undefined ? "no policy" : "a policy about another queue",
        change(goodAlarm, "dead", { policy: document }),
        "queue 'dead': no policy denies sqs:SendMessage when aws:SecureTransport is false, expected one that does",
      ],
    ),
  ),
];
