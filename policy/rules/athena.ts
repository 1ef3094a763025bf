import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { isNamed } from "../attachments";
import { BUCKET, BUCKET_V2, WORKGROUP } from "../kinds";
import { eachOf, isGiven, onResource, resourcesOf, show } from "../resources";

const GUIDE = "https://docs.aws.amazon.com/athena/latest/ug";

export const workgroupEnforced: ResourceValidationPolicy = {
  name: "aws-athena-workgroup-enforce-settings",
  description: "A workgroup's settings hold for every query, whatever the client asks for.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Add configuration, and set enforceWorkgroupConfiguration to true, or leave it out.",
  url: `${GUIDE}/workgroups-settings-override.html`,
  tags: ["CKV_AWS_82", "AVD-AWS-0007"],
  validateResource: onResource(WORKGROUP, ({ configuration }, { name }, report) => {
    if (!configuration) return report(`workgroup '${name}': configuration is absent, expected one that is enforced`);
    // On by default.
    if (configuration.enforceWorkgroupConfiguration === false)
      report(`workgroup '${name}': enforceWorkgroupConfiguration is false, expected true`);
  }),
};

export const resultsEncrypted: ResourceValidationPolicy = {
  name: "aws-athena-workgroup-encrypt-results",
  description: "Results of queries are encrypted by a key of this account.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Set encryptionConfiguration to SSE_KMS with kmsKeyArn; with kmsKey where Athena keeps the results.",
  url: `${GUIDE}/encrypting-query-results-stored-in-s3.html`,
  tags: ["SecurityHub Athena.1", "CKV_AWS_159", "AVD-AWS-0006"],
  validateResource: onResource(WORKGROUP, ({ configuration }, { name }, report) => {
    // Without a configuration there is another rule to break.
    if (!configuration) return;
    const managed = configuration.managedQueryResultsConfiguration;
    if (managed?.enabled) {
      if (!isGiven(() => managed.encryptionConfiguration?.kmsKey))
        report(`workgroup '${name}': kmsKey of managed results is absent, expected a key of this account`);
      return;
    }
    const result = configuration.resultConfiguration;
    const got = result?.encryptionConfiguration?.encryptionOption;
    if (got !== "SSE_KMS" && got !== "CSE_KMS")
      report(`workgroup '${name}': encryptionOption of results is ${show(got)}, expected "SSE_KMS"`);
    else if (!isGiven(() => result?.encryptionConfiguration?.kmsKeyArn))
      report(`workgroup '${name}': kmsKeyArn of results is absent, expected a key of this account`);
  }),
};

export const resultsOwned: StackValidationPolicy = {
  name: "aws-athena-workgroup-expect-bucket-owner",
  description:
    "A workgroup that writes into a bucket of the stack says whose that is: a name can be somebody else's one day.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set resultConfiguration.expectedBucketOwner to the number of the account.",
  url: `${GUIDE}/query-results-specify-location.html`,
  validateStack: (args, report) => {
    const buckets = resourcesOf(args, BUCKET, BUCKET_V2);
    eachOf(resourcesOf(args, WORKGROUP), ({ name, urn, props }) => {
      const result = props.configuration?.resultConfiguration;
      if (!result || isGiven(() => result.expectedBucketOwner)) return;
      const bucket = /^s3:\/\/([^/]+)/.exec(result.outputLocation ?? "")?.[1];
      if (buckets.some((each) => bucket !== undefined && isNamed(bucket, each)))
        report(`workgroup '${name}': expectedBucketOwner is absent, expected this account's number`, urn);
    });
  },
};

export const workgroupMetrics: ResourceValidationPolicy = {
  name: "aws-athena-workgroup-publish-metrics",
  description: "A workgroup publishes metrics: how much its queries scan is seen before the bill.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Set publishCloudwatchMetricsEnabled to true, or leave it out.",
  url: `${GUIDE}/athena-cloudwatch-metrics-enable.html`,
  tags: ["SecurityHub Athena.4"],
  validateResource: onResource(WORKGROUP, ({ configuration }, { name }, report) => {
    // On by default.
    if (configuration?.publishCloudwatchMetricsEnabled === false)
      report(`workgroup '${name}': publishCloudwatchMetricsEnabled is false, expected true`);
  }),
};

export const scanLimited: ResourceValidationPolicy = {
  name: "aws-athena-workgroup-limit-scan",
  description: "A workgroup ends queries that scan too much, such as one without a partition.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Set bytesScannedCutoffPerQuery.",
  url: `${GUIDE}/workgroups-setting-control-limits-cloudwatch.html`,
  validateResource: onResource(WORKGROUP, ({ configuration }, { name }, report) => {
    if (configuration && !configuration.bytesScannedCutoffPerQuery)
      report(`workgroup '${name}': bytesScannedCutoffPerQuery is absent, expected a number of bytes`);
  }),
};
