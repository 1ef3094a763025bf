import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { partsOf } from "../attachments";
import { BUCKET, BUCKET_LIFECYCLE, BUCKET_LIFECYCLE_V2, BUCKET_V2, BUCKET_VERSIONING, type Bucket } from "../kinds";
import { eachOf, resourcesOf, type Placed } from "../resources";

const LIFECYCLE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html";

/** Days within which somebody can still bring an overwritten file back. */
const RESTORE_DAYS = 30;

/** The enabled lifecycle rules of each bucket, with the resource to blame. */
function eachLifecycle(
  args: StackValidationArgs,
  check: (bucket: Placed<Bucket>, rules: readonly LifecycleRule[], urn: string) => void,
): void {
  eachOf(resourcesOf(args, BUCKET, BUCKET_V2), (bucket) => {
    const [lifecycle] = partsOf(resourcesOf(args, BUCKET_LIFECYCLE, BUCKET_LIFECYCLE_V2), "bucket", bucket);
    const rules = lifecycle?.props.rules ?? [];
    check(
      bucket,
      [...rules].filter(({ status }) => status === "Enabled"),
      lifecycle?.urn ?? bucket.urn,
    );
  });
}

interface LifecycleRule {
  readonly id: string;
  readonly status: string;
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number | undefined } | undefined;
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number } | undefined;
}

export const uploadsAborted: StackValidationPolicy = {
  name: "aws-s3-bucket-abort-unfinished-uploads",
  description: "A bucket's lifecycle ends uploads that were never finished: they cost, and no listing shows them.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Add a lifecycle rule with abortIncompleteMultipartUpload after 7 days.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
  tags: ["CKV_AWS_300", "SecurityHub S3.13", "CKV2_AWS_61"],
  validateStack: (args, report) =>
    eachLifecycle(args, (bucket, rules, urn) => {
      if (!rules.some((rule) => rule.abortIncompleteMultipartUpload?.daysAfterInitiation))
        report(
          `bucket '${bucket.name}': no lifecycle rule aborts unfinished uploads, expected one, such as after 7 days`,
          urn,
        );
    }),
};

export const versionsExpired: StackValidationPolicy = {
  name: "aws-s3-bucket-expire-old-versions",
  description: "A bucket that keeps versions deletes old ones some day.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Add a lifecycle rule with noncurrentVersionExpiration.",
  url: LIFECYCLE,
  tags: ["SecurityHub S3.10"],
  validateStack: (args, report) =>
    eachLifecycle(args, (bucket, rules, urn) => {
      const [versioning] = partsOf(resourcesOf(args, BUCKET_VERSIONING), "bucket", bucket);
      if (versioning?.props.versioningConfiguration.status !== "Enabled") return;
      if (!rules.some((rule) => rule.noncurrentVersionExpiration))
        report(`bucket '${bucket.name}': no lifecycle rule expires noncurrent versions, expected one`, urn);
    }),
};

export const versionsRestorable: StackValidationPolicy = {
  name: "aws-s3-bucket-keep-versions-long-enough",
  description: "Earlier versions stay long enough to bring overwritten data back.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Raise noncurrentDays, or lower the parameter restoreDays if overwritten data is noticed earlier.",
  url: LIFECYCLE,
  configSchema: { properties: { restoreDays: { type: "integer", default: RESTORE_DAYS, minimum: 1 } } },
  validateStack: (args, report) =>
    eachLifecycle(args, (bucket, rules, urn) => {
      const { restoreDays = RESTORE_DAYS } = args.getConfig<{ restoreDays?: number }>();
      eachOf(rules, ({ id, noncurrentVersionExpiration: expiration }) => {
        if (expiration && expiration.noncurrentDays < restoreDays)
          report(
            `bucket '${bucket.name}', lifecycle rule '${id}': noncurrentDays is ${expiration.noncurrentDays}, ` +
              `expected at least ${restoreDays}`,
            urn,
          );
      });
    }),
};
