import { SCHEDULE, WORKGROUP } from "../../../policy/kinds";
import { QUEUE_ARN } from "./alarms";
import { goodBucket } from "./goodBucket";
import { ACCOUNT, casesOf, change, resource, type Case } from "./case";

export const goodWorkgroup = () => [resource(WORKGROUP, "queries", { name: "acme", configuration: configuration() })];

function configuration(more: object = {}, results: object = {}): object {
  return {
    ...{ enforceWorkgroupConfiguration: true, publishCloudwatchMetricsEnabled: true, bytesScannedCutoffPerQuery: 1e10 },
    resultConfiguration: {
      outputLocation: "s3://acme-results/athena/",
      encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: "arn:aws:kms:r:1:key/acme" },
      ...{ expectedBucketOwner: ACCOUNT, ...results },
    },
    ...more,
  };
}

export const goodSchedule = () => [
  resource(SCHEDULE, "daily", {
    ...{ name: "acme-daily", kmsKeyArn: "arn:aws:kms:r:1:key/acme", flexibleTimeWindow: { mode: "OFF" } },
    scheduleExpression: "cron(30 2 * * ? *)",
    target: target(),
  }),
];

export function target(more: object = {}): object {
  return {
    ...{ arn: "arn:aws:sqs:r:1:acme-work", roleArn: "arn:aws:iam::1:role/acme" },
    ...{ deadLetterConfig: { arn: QUEUE_ARN }, retryPolicy: { maximumRetryAttempts: 3 }, ...more },
  };
}

const workgroup = (more?: object, results?: object) =>
  change(goodWorkgroup, "queries", { configuration: configuration(more, results) });

export const queriesCases: Case[] = [
  ...casesOf(
    "aws-athena-workgroup-enforce-settings",
    [
      "no configuration",
      change(goodWorkgroup, "queries", { configuration: undefined }),
      "workgroup 'queries': configuration is absent, expected one that is enforced",
    ],
    [
      "settings that clients may change",
      workgroup({ enforceWorkgroupConfiguration: false }),
      "workgroup 'queries': enforceWorkgroupConfiguration is false, expected true",
    ],
  ),
  ...casesOf(
    "aws-athena-workgroup-encrypt-results",
    [
      "no encryption",
      workgroup({}, { encryptionConfiguration: undefined }),
      "workgroup 'queries': encryptionOption of results is absent, expected \"SSE_KMS\"",
    ],
    [
      "no key",
      workgroup({}, { encryptionConfiguration: { encryptionOption: "SSE_KMS" } }),
      "workgroup 'queries': kmsKeyArn of results is absent, expected a key of this account",
    ],
  ),
  ...casesOf("aws-athena-workgroup-expect-bucket-owner", [
    "a bucket of the stack",
    [...workgroup({}, { outputLocation: "s3://acme-data/athena/", expectedBucketOwner: undefined }), ...goodBucket()],
    "workgroup 'queries': expectedBucketOwner is absent, expected this account's number",
  ]),
  ...casesOf("aws-athena-workgroup-publish-metrics", [
    "metrics that are off",
    workgroup({ publishCloudwatchMetricsEnabled: false }),
    "workgroup 'queries': publishCloudwatchMetricsEnabled is false, expected true",
  ]),
  ...casesOf("aws-athena-workgroup-limit-scan", [
    "no limit",
    workgroup({ bytesScannedCutoffPerQuery: undefined }),
    "workgroup 'queries': bytesScannedCutoffPerQuery is absent, expected a number of bytes",
  ]),
  ...casesOf("aws-scheduler-schedule-encrypt-by-own-key", [
    "no key",
    change(goodSchedule, "daily", { kmsKeyArn: undefined }),
    "schedule 'daily': kmsKeyArn is absent, expected a key of this account",
  ]),
  ...casesOf(
    "aws-scheduler-schedule-keep-undelivered",
    [
      "no queue",
      change(goodSchedule, "daily", { target: target({ deadLetterConfig: undefined }) }),
      "schedule 'daily': deadLetterConfig is absent, expected the ARN of a queue",
    ],
    [
      "no retries",
      change(goodSchedule, "daily", { target: target({ retryPolicy: undefined }) }),
      "schedule 'daily': retryPolicy is absent, expected how often and how long to try again",
    ],
    [
      "retries that say nothing",
      change(goodSchedule, "daily", { target: target({ retryPolicy: {} }) }),
      "schedule 'daily': retryPolicy is empty, expected how often and how long to try again",
    ],
  ),
  ...casesOf(
    "aws-scheduler-schedule-come-due",
    [
      "a day that never comes",
      change(goodSchedule, "daily", { scheduleExpression: "cron(0 0 31 2 ? *)" }),
      "schedule 'daily': scheduleExpression is 'cron(0 0 31 2 ? *)', expected a day that comes",
    ],
    [
      "a time zone that there is not",
      change(goodSchedule, "daily", { scheduleExpressionTimezone: "Asia/Tokio" }),
      "schedule 'daily': scheduleExpressionTimezone is 'Asia/Tokio', expected an IANA name such as 'Asia/Tokyo'",
    ],
  ),
];
