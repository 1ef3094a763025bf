import { KEY, KEY_POLICY, LOG_GROUP } from "../../../policy/kinds";
import { type Registered } from "../../support/policy";
import { ACCOUNT, casesOf, change, policy, resource, type Case } from "./case";

export const goodKey = () => [
  resource(KEY, "key", {
    ...{ enableKeyRotation: true, deletionWindowInDays: 30 },
    policy: policy({
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
      Resource: "*",
    }),
  }),
];

export const goodLogs = () => [
  resource(LOG_GROUP, "logs", {
    name: "/aws/lambda/acme",
    retentionInDays: 400,
    kmsKeyId: "arn:aws:kms:ap-northeast-1:1:key/acme",
  }),
];

const unprotected = (): Registered[] => goodKey().map((each) => ({ ...each, protect: false }));
const openKey = { Sid: "Open", Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" };

export const keysAndLogsCases: Case[] = [
  ...casesOf(
    "aws-kms-key-rotate-yearly",
    [
      "no setting",
      change(goodKey, "key", { enableKeyRotation: undefined }),
      "key 'key': enableKeyRotation is absent, expected true",
    ],
    [
      "rotation that is off",
      change(goodKey, "key", { enableKeyRotation: false }),
      "key 'key': enableKeyRotation is false, expected true",
    ],
  ),
  ...casesOf("aws-kms-key-write-policy", [
    "no policy",
    change(goodKey, "key", { policy: undefined }),
    "key 'key': policy is absent, expected one",
  ]),
  ...casesOf(
    "aws-kms-key-policy-name-who-may",
    [
      "everyone",
      change(goodKey, "key", { policy: policy(openKey) }),
      "key 'key', policy, statement 'Open': allows to '*', expected named principals or a condition",
    ],
    [
      "everyone, in a policy of its own",
      [...goodKey(), resource(KEY_POLICY, "open", { keyId: "acme", policy: policy(openKey) })],
      "key 'open', policy, statement 'Open': allows to '*', expected named principals or a condition",
    ],
    [
      "everyone of nearly every account",
      change(goodKey, "key", {
        policy: policy({ ...openKey, Condition: { StringLike: { "kms:CallerAccount": "*2*" } } }),
      }),
      "key 'key', policy, statement 'Open': allows to '*' under StringLike kms:CallerAccount '*2*', expected named principals or a condition",
    ],
    [
      "no check of lockouts",
      change(goodKey, "key", { bypassPolicyLockoutSafetyCheck: true }),
      "key 'key': bypassPolicyLockoutSafetyCheck is true, expected false",
    ],
  ),
  ...casesOf(
    "aws-kms-key-survive-destroy",
    ["no protection", unprotected(), "key 'key': protect is off, expected it on"],
    [
      "a week",
      change(goodKey, "key", { deletionWindowInDays: 7 }),
      "key 'key': deletionWindowInDays is 7, expected 30",
    ],
  ),
  ...casesOf(
    "aws-cloudwatch-log-group-set-retention",
    [
      "no retention",
      change(goodLogs, "logs", { retentionInDays: undefined }),
      "log group 'logs': retentionInDays is absent, expected a number of days, such as 400",
    ],
    [
      "for ever",
      change(goodLogs, "logs", { retentionInDays: 0 }),
      "log group 'logs': retentionInDays is 0, expected a number of days, such as 400",
    ],
  ),
  ...casesOf("aws-cloudwatch-log-group-keep-a-year", [
    "a month",
    change(goodLogs, "logs", { retentionInDays: 30 }),
    "log group 'logs': retentionInDays is 30, expected at least 365",
  ]),
  ...casesOf("aws-cloudwatch-log-group-encrypt-by-own-key", [
    "no key",
    change(goodLogs, "logs", { kmsKeyId: undefined }),
    "log group 'logs': kmsKeyId is absent, expected a key of this account",
  ]),
];
