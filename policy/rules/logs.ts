import type { ResourceValidationPolicy } from "@pulumi/policy";
import { LOG_GROUP } from "../kinds";
import { isGiven, onResource, show } from "../resources";
import { PRODUCTION } from "../rule";

const GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs";
const YEAR_DAYS = 365;

export const logsExpire: ResourceValidationPolicy = {
  name: "aws-cloudwatch-log-group-set-retention",
  description: "A log group says how long it keeps logs.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set retentionInDays, such as 400.",
  url: `${GUIDE}/Working-with-log-groups-and-streams.html`,
  tags: ["SecurityHub CloudWatch.16", "cdk-nag CloudWatchLogGroupRetentionPeriod", "CKV_AWS_66"],
  validateResource: onResource(LOG_GROUP, ({ retentionInDays: got }, { name }, report) => {
    // 0 is the provider's word for never.
    if (!got) report(`log group '${name}': retentionInDays is ${show(got)}, expected a number of days, such as 400`);
  }),
};

export const logsKeptAYear: ResourceValidationPolicy = {
  name: "aws-cloudwatch-log-group-keep-a-year",
  description: "A log group keeps logs for a year, so that last year's run of a day can be looked up.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Set retentionInDays to 365 or more.",
  url: `${GUIDE}/Working-with-log-groups-and-streams.html`,
  tags: ["SecurityHub CloudWatch.16", "CKV_AWS_338"],
  validateResource: onResource(LOG_GROUP, ({ retentionInDays: got }, { name }, report) => {
    if (got && got < YEAR_DAYS)
      report(`log group '${name}': retentionInDays is ${got}, expected at least ${YEAR_DAYS}`);
  }),
};

export const logsEncrypted: ResourceValidationPolicy = {
  name: "aws-cloudwatch-log-group-encrypt-by-own-key",
  description: "A log group is encrypted by a key of this account.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Set kmsKeyId, and let logs.<region>.amazonaws.com use the key in its policy.",
  url: `${GUIDE}/encrypt-log-data-kms.html`,
  tags: [PRODUCTION, "cdk-nag CloudWatchLogGroupEncrypted", "CKV_AWS_158", "AVD-AWS-0017"],
  validateResource: onResource(LOG_GROUP, (group, { name }, report) => {
    if (!isGiven(() => group.kmsKeyId))
      report(`log group '${name}': kmsKeyId is absent, expected a key of this account`);
  }),
};
