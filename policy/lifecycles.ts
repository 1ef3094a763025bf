import type { StackValidationArgs } from "@pulumi/policy";
import { partsOf } from "./attachments";
import { BUCKET, BUCKET_LIFECYCLE, BUCKET_LIFECYCLE_V2, BUCKET_V2, type Bucket } from "./kinds";
import { eachOf, resourcesOf, type Placed } from "./resources";

/** One enabled rule of a lifecycle, however it is written; each fact is read when it is asked for, as it may be unknown. */
export interface LifecycleRule {
  readonly id: string;
  /** The beginning of the keys that it is for; empty for all of the bucket. */
  readonly prefix: () => string;
  /** Whether it is for some objects alone, by their tags or size. */
  readonly isPicky: () => boolean;
  /** Days after which an unfinished upload ends. */
  readonly abortDays: () => number | undefined;
  /** Days after which an earlier version is deleted. */
  readonly noncurrentDays: () => number | undefined;
  /** Days after which an object is deleted. */
  readonly expireDays: () => number | undefined;
  /** Days after which an object is where it cannot be read at once, with the name of that class. */
  readonly archived: () => readonly { readonly days: number; readonly storageClass: string }[];
}

/** The enabled lifecycle rules of each bucket, in it or beside it, with the resource to blame. */
export function eachLifecycle(
  args: StackValidationArgs,
  check: (bucket: Placed<Bucket>, rules: readonly LifecycleRule[], urn: string) => void,
): void {
  eachOf(resourcesOf(args, BUCKET, BUCKET_V2), (bucket) => {
    const [lifecycle] = partsOf(resourcesOf(args, BUCKET_LIFECYCLE, BUCKET_LIFECYCLE_V2), "bucket", bucket);
    const own = [...(lifecycle?.props.rules ?? [])].filter(({ status }) => status === "Enabled");
    const inline = [...(bucket.props.lifecycleRules ?? [])].filter(({ enabled }) => enabled);
    check(bucket, [...own.map(ruleOf), ...inline.map(inlineRuleOf)], lifecycle?.urn ?? bucket.urn);
  });
}

type Own = NonNullable<NonNullable<(typeof BUCKET_LIFECYCLE)["props"]>["rules"]>[number];
type Inline = NonNullable<Bucket["lifecycleRules"]>[number];
type Moves = readonly { readonly days?: number | undefined; readonly storageClass: string }[] | undefined;

/** Classes from which an object is to be restored, for hours, before anybody reads it. */
const ARCHIVES = ["GLACIER", "DEEP_ARCHIVE"];

const archivesIn = (moves: Moves) =>
  [...(moves ?? [])].flatMap(({ days = 0, storageClass }) =>
    ARCHIVES.includes(storageClass) ? [{ days, storageClass }] : [],
  );

function ruleOf(rule: Own): LifecycleRule {
  const both = () => rule.filter?.and;
  return {
    id: rule.id,
    prefix: () => rule.filter?.prefix ?? both()?.prefix ?? rule.prefix ?? "",
    isPicky: () =>
      [
        ...[rule.filter?.tag, rule.filter?.objectSizeGreaterThan, rule.filter?.objectSizeLessThan],
        ...[both()?.tags, both()?.objectSizeGreaterThan, both()?.objectSizeLessThan],
      ].some(Boolean),
    abortDays: () => rule.abortIncompleteMultipartUpload?.daysAfterInitiation,
    noncurrentDays: () => rule.noncurrentVersionExpiration?.noncurrentDays,
    expireDays: () => rule.expiration?.days,
    archived: () => archivesIn(rule.transitions),
  };
}

/** In a `BucketV2` expirations are lists of one. */
interface Listed {
  readonly expirations?: readonly Inline["expiration"][];
  readonly noncurrentVersionExpirations?: readonly Inline["noncurrentVersionExpiration"][];
}

function inlineRuleOf(rule: Inline & Listed): LifecycleRule {
  return {
    id: rule.id ?? "without id",
    prefix: () => rule.prefix ?? "",
    isPicky: () => rule.tags !== undefined,
    abortDays: () => rule.abortIncompleteMultipartUploadDays,
    noncurrentDays: () => (rule.noncurrentVersionExpiration ?? rule.noncurrentVersionExpirations?.[0])?.days,
    expireDays: () => (rule.expiration ?? rule.expirations?.[0])?.days,
    archived: () => archivesIn(rule.transitions),
  };
}
