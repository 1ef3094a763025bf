import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { isNamed, partsOf } from "../attachments";
import { BUCKET_VERSIONING, type Bucket } from "../kinds";
import { eachLifecycle, type LifecycleRule } from "../lifecycles";
import { bucketAndFolders } from "../locations";
import { inTurn, resourcesOf, type Placed } from "../resources";
import { withTables, type FolderTable } from "../stackTables";

const LIFECYCLE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html";

/** Days within which somebody can still bring an overwritten file back. */
const RESTORE_DAYS = 30;
/** Days that the files of a table stay where queries read them, at least. */
const KEEP_DAYS = 30;

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
      if (!rules.some(({ abortDays }) => abortDays()))
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
      if (!rules.some(({ noncurrentDays }) => noncurrentDays()))
        report(`bucket '${bucket.name}': no lifecycle rule expires noncurrent versions, expected one`, urn);
    }),
};

/** Calls a check with every lifecycle rule, and the tables of which files it is for. */
function eachRuleOfTables(
  args: StackValidationArgs,
  check: (subject: string, rule: LifecycleRule, tables: readonly FolderTable[], urn: string) => void,
): void {
  const tables: FolderTable[] = [];
  inTurn(
    () => withTables(args, (found) => tables.push(...found)),
    () =>
      eachLifecycle(args, (bucket, rules, urn) =>
        inTurn(
          ...rules.map((rule) => () => {
            if (rule.isPicky()) return;
            const prefix = rule.prefix();
            const of = tables.filter(({ location }) => isBelow(location, bucket, prefix));
            check(`bucket '${bucket.name}', lifecycle rule '${rule.id}'`, rule, of, urn);
          }),
        ),
      ),
  );
}

/** Whether objects of a folder may begin with a prefix of a bucket. */
function isBelow(location: string, bucket: Placed<Bucket>, prefix: string): boolean {
  const place = bucketAndFolders(location);
  if (!place || !isNamed(place.bucket, bucket)) return false;
  const folder = `${place.folders.join("/")}/`;
  return folder.startsWith(prefix) || prefix.startsWith(folder);
}

export const versionsRestorable: StackValidationPolicy = {
  name: "aws-s3-bucket-keep-versions-long-enough",
  description: "Earlier versions stay long enough to bring overwritten data back.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Raise noncurrentDays, or lower the parameter restoreDays if overwritten data is noticed earlier.",
  url: LIFECYCLE,
  configSchema: { properties: { restoreDays: { type: "integer", default: RESTORE_DAYS, minimum: 1 } } },
  validateStack: (args, report) =>
    eachRuleOfTables(args, (subject, { prefix, noncurrentDays }, tables, urn) => {
      const { restoreDays = RESTORE_DAYS } = args.getConfig<{ restoreDays?: number }>();
      // Under a prefix without tables may be what nobody wants back: results of queries, files of one run.
      if (prefix() !== "" && tables.length === 0) return;
      const days = noncurrentDays();
      if (days !== undefined && days < restoreDays)
        report(`${subject}: noncurrentDays is ${days}, expected at least ${restoreDays}`, urn);
    }),
};

export const tablesKept: StackValidationPolicy = {
  name: "aws-s3-bucket-keep-tables-readable",
  description:
    "No lifecycle rule deletes the files of a table, or moves them where queries cannot read, after a few days.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Raise the days, or give the rule a prefix without tables; lower the parameter keepDays where tables hold less.",
  url: LIFECYCLE,
  configSchema: { properties: { keepDays: { type: "integer", default: KEEP_DAYS, minimum: 1 } } },
  validateStack: (args, report) =>
    eachRuleOfTables(args, (subject, { expireDays, archived }, [table], urn) => {
      const { keepDays = KEEP_DAYS } = args.getConfig<{ keepDays?: number }>();
      if (!table) return;
      const say = (what: string, days: number) => {
        if (days < keepDays)
          report(
            `${subject}: ${what} '${table.location}' of table '${table.name}' after ${days} days, ` +
              `expected at least ${keepDays}`,
            urn,
          );
      };
      inTurn(
        () => say("deletes", expireDays() ?? keepDays),
        () => archived().forEach(({ days, storageClass }) => say(`moves to ${storageClass}`, days)),
      );
    }),
};
